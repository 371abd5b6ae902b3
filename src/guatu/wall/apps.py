"""Django's registration of the room."""

from __future__ import annotations

from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "guatu.wall"
    label = "wall"
    verbose_name = "作战图"
