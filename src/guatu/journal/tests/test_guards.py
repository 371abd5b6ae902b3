"""Append-only tables refuse UPDATE and DELETE on the running database."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection

from guatu.journal.models import AppendOnly, Change, Entry
from guatu.journal.tests.rows import content, make_row, model_of, sql
from guatu.journal.triggers import append_only_tables, drop_guards

TABLES = append_only_tables()


def test_the_journals_own_tables_and_every_append_only_model_are_guarded() -> None:
    assert {Entry._meta.db_table, Change._meta.db_table} <= set(TABLES)
    named = {m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly)}
    assert named <= set(TABLES)
    assert len(named) > 10


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_an_append_only_table_refuses_update_and_delete(table: str) -> None:
    model = model_of(table)
    make_row(model)
    before = content(table)
    key = model._meta.pk.column
    for statement in (
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE 1 = 1",
    ):
        with pytest.raises(DatabaseError, match=f"append-only table {table}"):
            sql(statement)
    assert content(table) == before
    assert before


@pytest.mark.django_db
def test_replacing_or_truncating_is_refused_too() -> None:
    make_row(Entry)
    before = content("journal_entry")
    statement = (
        "TRUNCATE journal_entry CASCADE"
        if connection.vendor == "postgresql"
        else "REPLACE INTO journal_entry SELECT * FROM journal_entry"
    )
    with pytest.raises(DatabaseError, match="append-only table"):
        sql(statement)
    assert content("journal_entry") == before


@pytest.mark.django_db
def test_without_the_trigger_the_same_update_passes() -> None:
    """The twin: it is the trigger that refuses."""
    make_row(Entry)
    drop_guards()
    sql("UPDATE journal_entry SET act = 'forged'")
    assert Entry.objects.get().act == "forged"


@pytest.mark.django_db
def test_migrating_puts_dropped_triggers_back() -> None:
    drop_guards()
    call_command("migrate", verbosity=0)
    make_row(Entry)
    with pytest.raises(DatabaseError, match="append-only"):
        sql("DELETE FROM journal_entry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_triggers_are_there_again_after_a_transactional_test(turn: int) -> None:
    assert not Entry.objects.exists(), "the turn before has been flushed"
    make_row(Entry)
    with pytest.raises(DatabaseError, match="append-only"):
        sql("UPDATE journal_entry SET act = 'forged'")
