"""Addresses of the wall room."""

from __future__ import annotations

from django.urls import path

from guatu.wall import views

urlpatterns = [path("", views.desk, name="desk")]
