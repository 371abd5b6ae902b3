"""Addresses of the assessment room."""

from __future__ import annotations

from django.urls import path

from guatu.assessment import views

urlpatterns = [
    path("months/<int:round_id>/", views.the_round, name="round"),
    path("months/<int:round_id>/ask/", views.ask_to_close, name="round-ask"),
    path("months/<int:round_id>/close/", views.close, name="round-close"),
    path("months/<int:round_id>/correct/", views.correct, name="round-correct"),
    path(
        "months/<int:round_id>/correct/confirm/",
        views.confirm_correction,
        name="round-correct-confirm",
    ),
    path("months/<int:round_id>/compare/", views.compare, name="round-compare"),
]
