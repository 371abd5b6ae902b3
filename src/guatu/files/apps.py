from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guatu.files"
    label = "files"
    verbose_name = "文件"
