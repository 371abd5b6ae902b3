from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "guatu.assessment"
    label = "assessment"
    verbose_name = "研判"
