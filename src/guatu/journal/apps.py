from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "guatu.journal"
    label = "journal"
    verbose_name = "日志"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from guatu.journal.triggers import guard_append_only_tables

        # Django's table rebuilds drop triggers, so they are made anew after every migrate.
        post_migrate.connect(guard_append_only_tables, dispatch_uid="guatu.journal.triggers")
