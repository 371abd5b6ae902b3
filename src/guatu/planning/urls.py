"""Addresses of the planning room."""

from __future__ import annotations

from django.urls import path

from guatu.planning import views

urlpatterns = [
    path("lists/import/", views.take_in, name="list-import"),
    path("lists/import/preview/", views.preview, name="list-import-preview"),
    path("lists/import/confirm/", views.confirm, name="list-import-confirm"),
]
