"""Addresses of the reporting room."""

from __future__ import annotations

from django.urls import path

from guatu.reporting.views import answered, answers, chasing, intake, months, proxy

_INTAKE = "months/<int:round_id>/intake/"
_PROXY = "months/<int:round_id>/proxy/"

urlpatterns = [
    path("months/", months.months, name="months"),
    path("months/open/", months.start, name="months-open"),
    path("months/export/", months.export, name="months-export"),
    path(_INTAKE, intake.desk, name="intake"),
    path(f"{_INTAKE}files/", intake.files, name="intake-files"),
    path(f"{_INTAKE}deliver/", intake.deliver, name="intake-deliver"),
    path(f"{_INTAKE}deliveries/<int:delivery_id>/take-in/", intake.take_in, name="intake-take-in"),
    path(f"{_INTAKE}files/<int:file_id>/sender/", intake.sender, name="intake-sender"),
    path(f"{_INTAKE}originals/<int:blob_id>/", intake.original, name="intake-original"),
    path(f"{_INTAKE}answered/", answered.answered, name="intake-answered"),
    path(f"{_INTAKE}answered/export/", answered.export, name="intake-answered-export"),
    path(f"{_INTAKE}answers/<int:answer_id>/withdraw/", answered.withdraw, name="intake-withdraw"),
    path(f"{_INTAKE}projects/", answers.projects, name="intake-projects"),
    path(f"{_INTAKE}questions/<int:question_id>/answer/", answers.answer, name="intake-answer"),
    path(f"{_INTAKE}units/<int:organisation_id>/note/", chasing.note, name="intake-note"),
    path(f"{_INTAKE}missing/export/", intake.export_missing, name="intake-missing-export"),
    path(_PROXY, proxy.first, name="proxy"),
    path(f"{_PROXY}<int:project_id>/", proxy.entry, name="proxy-entry"),
    path(f"{_PROXY}units/<int:organisation_id>/", proxy.unit, name="proxy-unit"),
    path(f"{_PROXY}unconfirmed/", proxy.proxied, name="proxied"),
    path(f"{_PROXY}unconfirmed/export/", proxy.export_proxied, name="proxied-export"),
    path("months/<int:round_id>/quick/", chasing.quick, name="quick-figures"),
]
