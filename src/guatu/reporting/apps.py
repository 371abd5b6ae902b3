from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "guatu.reporting"
    label = "reporting"
    verbose_name = "月报"
