"""Addresses of applications and opinions."""

from __future__ import annotations

from django.urls import path

from guatu.ledger.making import views
from guatu.ledger.making.workbook import views as pages

urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/export/", views.applications_export, name="applications-export"),
    path("calls/<int:call_id>/apply/", views.new, name="application-new"),
    path("applications/<int:application_id>/", views.one, name="application"),
    path(
        "applications/<int:application_id>/withdraw/", views.withdraw, name="application-withdraw"
    ),
    path(
        "applications/<int:application_id>/identity/", views.identify, name="application-identity"
    ),
    path("calls/<int:call_id>/workbook/", pages.upload, name="application-workbook"),
    path("calls/<int:call_id>/workbook/blank/", pages.blank, name="application-workbook-blank"),
    path(
        "calls/<int:call_id>/workbook/preview/",
        pages.preview,
        name="application-workbook-preview",
    ),
    path(
        "calls/<int:call_id>/workbook/confirm/",
        pages.confirm,
        name="application-workbook-confirm",
    ),
    path("opinions/", views.opinions, name="opinions"),
    path("opinions/export/", views.opinions_export, name="opinions-export"),
    path("opinions/<int:application_id>/", views.opinion, name="opinion"),
]
