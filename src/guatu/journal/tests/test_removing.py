"""A row that goes leaves its last image; what others name or changed stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.core.errors import Conflict
from guatu.journal import queries, services
from guatu.journal.models import Change
from guatu.journal.types import console
from guatu.ledger.models import BulkChange, ProjectAlias, Term
from guatu.ledger.tests.town import Town, make_town
from guatu.organisation.models import Holiday
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_the_journal_tells_what_went() -> None:
    row = Holiday(day=date(2027, 1, 1), is_workday=False)
    with services.act(console(), "holiday.set") as act:
        act.write(row)
    with services.act(console(), "holiday.removed") as act:
        act.remove(row)
    assert not Holiday.objects.exists()
    change = Change.objects.get(op="delete")
    assert (change.table, '"day":"2027-01-01"' in change.after) == ("organisation_holiday", True)
    assert not queries.verify().problems


def test_a_row_that_is_gone_or_newer_is_a_conflict() -> None:
    term = Term(vocabulary="sector", code="甲", name="甲")
    with services.act(console(), "term.added") as act:
        act.write(term)
    with services.act(console(), "term.removed") as act:
        act.remove(Term.objects.get())
    with pytest.raises(Conflict), services.act(console(), "term.removed") as act:
        act.remove(term)
    assert not queries.verify().problems


@pytest.fixture
def town(people: Cast, tmp_path: Path) -> Town:
    return make_town(people, tmp_path)


def test_append_only_rows_and_old_versions_stay(town: Town) -> None:
    with services.act(console(), "test.written") as act:
        alias = ProjectAlias(project=town.project(), name="别名", valid_from=date(2026, 1, 1))
        act.write(alias)
        bulk = BulkChange(
            list=town.listing, field="stage", new_text="", count=0, before="[]", at=act.at, by="x"
        )
        act.write(bulk)
    with pytest.raises(TypeError), services.act(console(), "test.removed") as act:
        act.remove(alias)
    bulk.version = 9
    with pytest.raises(Conflict), services.act(console(), "test.removed") as act:
        act.remove(bulk)
    assert BulkChange.objects.count() == 1
