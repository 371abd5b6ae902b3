from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "guatu.appraisal"
    label = "appraisal"
    verbose_name = "上级考核"
