"""Addresses of the reporting room."""

from __future__ import annotations

from django.urls import path

from guatu.reporting.views import answers, chasing, intake, months, proxy

_INTAKE = "months/<int:round_id>/intake/"

urlpatterns = [
    path("months/", months.months, name="months"),
    path("months/open/", months.start, name="months-open"),
    path("months/export/", months.export, name="months-export"),
    path(_INTAKE, intake.desk, name="intake"),
    path(f"{_INTAKE}files/", intake.files, name="intake-files"),
    path(f"{_INTAKE}deliver/", intake.deliver, name="intake-deliver"),
    path(f"{_INTAKE}deliveries/<int:delivery_id>/take-in/", intake.take_in, name="intake-take-in"),
    path(f"{_INTAKE}files/<int:file_id>/sender/", intake.sender, name="intake-sender"),
    path(f"{_INTAKE}projects/", answers.projects, name="intake-projects"),
    path(f"{_INTAKE}questions/<int:question_id>/answer/", answers.answer, name="intake-answer"),
    path(f"{_INTAKE}units/<int:organisation_id>/note/", chasing.note, name="intake-note"),
    path(f"{_INTAKE}missing/export/", intake.export_missing, name="intake-missing-export"),
    path("months/<int:round_id>/proxy/<int:project_id>/", proxy.entry, name="proxy-entry"),
    path("months/<int:round_id>/quick/", chasing.quick, name="quick-figures"),
]
