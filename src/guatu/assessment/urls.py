"""Addresses of the assessment room."""

from __future__ import annotations

from django.urls import path

from guatu.assessment import views
from guatu.assessment.books import draft_views as drafts
from guatu.assessment.books import views as books
from guatu.assessment.types import RequestKind

CLOSE, CORRECT = RequestKind.CLOSE, RequestKind.CORRECT

urlpatterns = [
    path("months/<int:round_id>/", views.the_round, name="round"),
    path("months/<int:round_id>/ask/", views.ask_to_close, name="round-ask"),
    path("months/<int:round_id>/close/", views.close, name="round-close"),
    path("months/<int:round_id>/preview/", views.preview, name="round-preview"),
    path("months/<int:round_id>/rows/", views.round_rows, name="round-rows"),
    path("months/<int:round_id>/rows/export/", views.export_rows, name="round-rows-export"),
    path("months/<int:round_id>/return/", views.send_back, {"kind": CLOSE}, name="round-return"),
    path("months/<int:round_id>/withdraw/", views.withdraw, {"kind": CLOSE}, name="round-withdraw"),
    path("months/<int:round_id>/correct/", views.correct, name="round-correct"),
    path(
        "months/<int:round_id>/correct/confirm/",
        views.confirm_correction,
        name="round-correct-confirm",
    ),
    path(
        "months/<int:round_id>/correct/return/",
        views.send_back,
        {"kind": CORRECT},
        name="round-correct-return",
    ),
    path(
        "months/<int:round_id>/correct/withdraw/",
        views.withdraw,
        {"kind": CORRECT},
        name="round-correct-withdraw",
    ),
    path("months/<int:round_id>/compare/", views.compare, name="round-compare"),
    path("months/<int:round_id>/forecast/", views.forecasts, name="round-forecast"),
    path(
        "months/<int:round_id>/forecast/export/",
        views.export_forecasts,
        name="round-forecast-export",
    ),
    path("months/<int:round_id>/forecast/make/", views.make_forecasts, name="round-forecast-make"),
    path("rulebooks/", books.books, name="rulebooks"),
    path("rulebooks/export/", books.export, name="rulebooks-export"),
    path("rulebooks/simulate/", drafts.simulate, name="rulebooks-simulate"),
    path("rulebooks/simulate/export/", drafts.export_simulation, name="rulebooks-simulate-export"),
    path("rulebooks/upload/", drafts.upload, name="rulebook-upload"),
    path("rulebooks/drafts/<int:draft_id>/", drafts.draft, name="rulebook-draft"),
    path("rulebooks/drafts/<int:draft_id>/check/", drafts.check, name="rulebook-draft-check"),
    path("rulebooks/drafts/<int:draft_id>/effect/", drafts.effect, name="rulebook-draft-effect"),
    path("rulebooks/drafts/<int:draft_id>/read/", drafts.read, name="rulebook-draft-read"),
    path("rulebooks/drafts/<int:draft_id>/submit/", drafts.submit, name="rulebook-draft-submit"),
    path("rulebooks/drafts/<int:draft_id>/publish/", drafts.publish, name="rulebook-draft-publish"),
    path("rulebooks/drafts/<int:draft_id>/return/", drafts.send_back, name="rulebook-draft-return"),
    path(
        "rulebooks/drafts/<int:draft_id>/withdraw/",
        drafts.withdraw,
        name="rulebook-draft-withdraw",
    ),
    path("rulebooks/drafts/<int:draft_id>/drop/", drafts.drop, name="rulebook-draft-drop"),
    path("rulebooks/of/<slug:book_id>/", books.book, name="rulebook"),
    path("rulebooks/of/<slug:book_id>/files/", books.files, name="rulebook-files"),
    path("rulebooks/of/<slug:book_id>/history/", books.history, name="rulebook-history"),
    path("rulebooks/of/<slug:book_id>/compare/", books.compare, name="rulebook-compare"),
    path("rulebooks/of/<slug:book_id>/start/", drafts.start, name="rulebook-start"),
    path("rulebooks/of/<slug:book_id>/adopt/", drafts.adopt, name="rulebook-adopt"),
]
