from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "guatu.notices"
    label = "notices"
    verbose_name = "通知"
