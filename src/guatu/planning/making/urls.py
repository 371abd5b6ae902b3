"""Addresses of making, issuing and adjusting lists."""

from __future__ import annotations

from django.urls import path

from guatu.planning.making import views

urlpatterns = [
    path("calls/", views.calls, name="list-calls"),
    path("calls/export/", views.calls_export, name="list-calls-export"),
    path("calls/new/", views.new, name="list-call-new"),
    path("calls/<int:call_id>/", views.one, name="list-call"),
    path("calls/<int:call_id>/export/", views.export, name="list-call-export"),
    path("calls/<int:call_id>/edit/", views.edit, name="list-call-edit"),
    path("calls/<int:call_id>/switch/", views.switch, name="list-call-switch"),
    path("calls/<int:call_id>/decide/", views.decide, name="list-call-decide"),
    path("calls/<int:call_id>/ask/", views.ask, name="list-call-ask"),
    path("calls/<int:call_id>/return/", views.give_back, name="list-call-return"),
    path("calls/<int:call_id>/totals/", views.totals, name="list-call-totals"),
    path("calls/<int:call_id>/totals/export/", views.totals_export, name="list-call-totals-export"),
    path("calls/<int:call_id>/versions/", views.versions, name="list-call-versions"),
    path("calls/<int:call_id>/issue/", views.issue, name="list-call-issue"),
    path("versions/<int:version_id>/", views.version, name="list-version"),
    path("versions/<int:version_id>/docx/", views.version_docx, name="list-version-docx"),
    path("lists/<int:list_id>/adjust/", views.adjust, name="list-adjust"),
    path("lists/<int:list_id>/adjustments/", views.adjustments, name="list-adjustments"),
    path(
        "lists/<int:list_id>/adjustments/export/",
        views.adjustments_export,
        name="list-adjustments-export",
    ),
]
