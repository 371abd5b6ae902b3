"""Django's registration of the room."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "guatu.publishing"
    label = "publishing"
    verbose_name = "材料"
