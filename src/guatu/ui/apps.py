"""Django's registration of the room."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "guatu.ui"
    label = "ui"
    verbose_name = "页面"
