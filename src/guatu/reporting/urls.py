"""Addresses of the reporting room."""

from __future__ import annotations

from django.urls import path

from guatu.reporting.views import (
    answered,
    answers,
    chasing,
    due,
    figure_questions,
    intake,
    months,
    proxy,
    reviews,
    unit,
    year,
)

_INTAKE = "months/<int:round_id>/intake/"
_PROXY = "months/<int:round_id>/proxy/"
_REPORT = "my-reports/<int:round_id>/<int:project_id>/"
_ASKED = "months/<int:round_id>/figure-questions/"

urlpatterns = [
    path("months/", months.months, name="months"),
    path("lists/open-year/", year.start, name="list-open-year"),
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
    path(f"{_INTAKE}days/", due.days, name="round-days"),
    path(f"{_INTAKE}reminders/", due.reminders, name="intake-reminders"),
    path(f"{_INTAKE}reminders/export/", due.reminders_export, name="intake-reminders-export"),
    path(f"{_INTAKE}remind/", due.remind_units, name="intake-remind"),
    path(_PROXY, proxy.first, name="proxy"),
    path(f"{_PROXY}<int:project_id>/", proxy.entry, name="proxy-entry"),
    path(f"{_PROXY}units/<int:organisation_id>/", proxy.unit, name="proxy-unit"),
    path(f"{_PROXY}unconfirmed/", proxy.proxied, name="proxied"),
    path(f"{_PROXY}unconfirmed/export/", proxy.export_proxied, name="proxied-export"),
    path(_ASKED, figure_questions.questions, name="figure-questions"),
    path(f"{_ASKED}export/", figure_questions.export, name="figure-questions-export"),
    path(f"{_ASKED}ask/", figure_questions.ask, name="figure-questions-ask"),
    path(f"{_ASKED}<int:figure_question_id>/", figure_questions.question, name="figure-question"),
    path("months/<int:round_id>/quick/", chasing.quick, name="quick-figures"),
    path("my-reports/", unit.mine, name="my-reports"),
    path("my-reports/export/", unit.export, name="my-reports-export"),
    path("my-reports/unchanged/", unit.unchanged, name="report-unchanged"),
    path(_REPORT, unit.form, name="report-form"),
    path(f"{_REPORT}draft/", unit.draft, name="report-draft"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/decide/", reviews.decide, name="reviews-decide"),
    path("reviews/export/", reviews.export, name="reviews-export"),
]
