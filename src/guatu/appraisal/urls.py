"""Addresses of the appraisal room."""

from __future__ import annotations

from django.urls import path

from guatu.appraisal import views

_SCHEME = "appraisal/<int:scheme_id>/"
_CRITERION = "appraisal/criteria/<int:criterion_id>/"
_EVIDENCE = "appraisal/evidence/<int:evidence_id>/"

urlpatterns = [
    path("appraisal/", views.schemes, name="schemes"),
    path("appraisal/export/", views.schemes_export, name="schemes-export"),
    path("appraisal/new/", views.scheme_new, name="scheme-new"),
    path(_SCHEME, views.scheme, name="scheme"),
    path(f"{_SCHEME}export/", views.scheme_export, name="scheme-export"),
    path(f"{_SCHEME}edit/", views.scheme_edit, name="scheme-edit"),
    path(f"{_SCHEME}paste/", views.scheme_paste, name="scheme-paste"),
    path(f"{_SCHEME}new/", views.criterion_new, name="criterion-new"),
    path(_CRITERION, views.criterion, name="criterion"),
    path(f"{_CRITERION}edit/", views.criterion_edit, name="criterion-edit"),
    path(f"{_CRITERION}fill/", views.criterion_fill, name="criterion-fill"),
    path(f"{_CRITERION}evidence/", views.evidence_add, name="evidence-add"),
    path(_EVIDENCE, views.evidence, name="evidence"),
    path(f"{_EVIDENCE}remove/", views.evidence_remove, name="evidence-remove"),
]
