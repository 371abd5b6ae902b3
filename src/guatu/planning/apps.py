from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "guatu.planning"
    label = "planning"
    verbose_name = "计划"
