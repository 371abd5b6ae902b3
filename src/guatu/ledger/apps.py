from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guatu.ledger"
    label = "ledger"
    verbose_name = "台账"
