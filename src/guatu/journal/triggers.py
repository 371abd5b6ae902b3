"""Database triggers that refuse to change or delete rows of append-only tables (trust A-19)."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from guatu.journal.models import APPEND_ONLY_HERE, AppendOnly, Journalled


def append_only_tables(app: AppConfig | None = None) -> list[str]:
    """Names of the tables that only grow: of one app, or of all."""
    models_here = app.get_models() if app else apps.get_models()
    return sorted(
        model._meta.db_table
        for model in models_here
        if issubclass(model, AppendOnly) or model in APPEND_ONLY_HERE
    )


def guard_append_only_tables(
    using: str = "default", sender: AppConfig | None = None, **_: object
) -> None:
    """Make the triggers of the append-only tables that exist by now (post_migrate, per app)."""
    connection = connections[using]
    wanted = append_only_tables(sender)
    if not wanted:
        return
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION guatu_append_only() RETURNS trigger AS $$"
                " BEGIN RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME; END $$"
                " LANGUAGE plpgsql"
            )
        for table in wanted:
            if table in existing:
                for event in _events(connection):
                    cursor.execute(_creation(connection, table, event))


def drop_guards(using: str = "default") -> None:
    """Take the triggers away: for the tests' table flush and for a restore, nothing else."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in (t for t in append_only_tables() if t in existing):
            for event in _events(connection):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")


def _events(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """What is refused. SQLite has no TRUNCATE; a DELETE without WHERE fires its trigger."""
    if connection.vendor == "postgresql":
        return ("update", "delete", "truncate")
    return ("update", "delete")


def _creation(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    name = f"{table}_no_{event}"
    if connection.vendor == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event.upper()} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION guatu_append_only()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'append-only table {table}'); END"
    )


def journalled_models() -> list[type[models.Model]]:
    """Every concrete model whose rows must equal the fold of the journal."""
    return [model for model in apps.get_models() if issubclass(model, Journalled)]
