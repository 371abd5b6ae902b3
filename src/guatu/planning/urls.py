"""Addresses of the planning room."""

from __future__ import annotations

from django.urls import include, path

from guatu.planning.views import plans, taking

urlpatterns = [
    path("", include("guatu.planning.making.urls")),
    path("lists/import/", taking.take_in, name="list-import"),
    path("lists/import/preview/", taking.preview, name="list-import-preview"),
    path("lists/import/confirm/", taking.confirm, name="list-import-confirm"),
    path("entries/<int:entry_id>/plan/", plans.plan, name="entry-plan"),
    path("entries/<int:entry_id>/plan/state/", plans.state, name="entry-plan-state"),
    path("entries/<int:entry_id>/plan/cut/", plans.cut, name="entry-plan-cut"),
    path("lists/<int:list_id>/cuts/", plans.cuts, name="list-cuts"),
    path("lists/<int:list_id>/cuts/export/", plans.export_cuts, name="list-cuts-export"),
    path("lists/<int:list_id>/cuts/edit/", plans.cut_many, name="list-cuts-edit"),
    path("lists/<int:list_id>/curves/", plans.curves, name="list-curves"),
]
