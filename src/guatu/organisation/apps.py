from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "guatu.organisation"
    label = "organisation"
    verbose_name = "组织"
