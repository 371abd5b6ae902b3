"""Django app of the upkeep room."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "guatu.upkeep"
