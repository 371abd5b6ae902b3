"""Addresses of the ui package: only with GUATU_DEBUG=1."""

from __future__ import annotations

from django.urls import path

from guatu.ui import components

urlpatterns = [path("dev/components/", components.components, name="components")]
