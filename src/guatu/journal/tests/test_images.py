from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.chain import canonical
from guatu.journal.images import commitment, imager, plain
from guatu.organisation.models import Person, Switch
from guatu.organisation.types import SwitchName

CHINA = timezone(timedelta(hours=8))


def test_instants_are_utc_to_the_microsecond_wherever_they_were_taken() -> None:
    there = datetime(2026, 10, 31, 8, 0, tzinfo=CHINA)
    assert plain(there) == plain(there.astimezone(UTC)) == "2026-10-31T00:00:00.000000+00:00"


@pytest.mark.parametrize("value", [1.5, b"x", object(), [1]])
def test_values_without_a_journal_form_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no journal form"):
        plain(value)


def test_a_switch_is_pictured_with_all_its_columns() -> None:
    row = Switch(
        pk=3,
        name=SwitchName.RANKINGS,
        is_on=True,
        basis="“办法”\n第5条",
        until=date(2026, 12, 31),
        by="office",
        at=datetime(2026, 10, 31, tzinfo=UTC),
    )
    picture = imager(Switch)(row)
    assert json.loads(picture) == {
        "at": "2026-10-31T00:00:00.000000+00:00",
        "basis": "“办法”\n第5条",
        "by": "office",
        "id": 3,
        "is_on": True,
        "name": "rankings",
        "scope": "",
        "until": "2026-12-31",
    }
    assert picture == canonical(json.loads(picture)), "the fast form is the canonical form"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_the_fast_form_is_canonical_for_any_text(text: str) -> None:
    row = Switch(
        pk=1, name="x", is_on=False, basis=text, by="", at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    picture = imager(Switch)(row)
    assert picture == canonical(json.loads(picture))


def test_a_persons_name_stands_as_a_commitment_and_the_salt_not_at_all() -> None:
    picture = json.loads(imager(Person)(Person(pk=1, name="张三", salt="aa")))
    committed = {"id": 1, "name": commitment("aa", "张三"), "organisation_id": None}
    assert picture == {**committed, "phone": None}
    assert commitment("aa", "张三") != commitment("ab", "张三")


def test_every_table_with_personal_columns_has_a_salt() -> None:
    from guatu.journal.triggers import journalled_models

    for model in journalled_models():
        personal = getattr(model, "journal_personal")  # noqa: B009
        columns = {
            field.name for field in model._meta.get_fields() if isinstance(field, models.Field)
        }
        assert personal <= columns
        assert not personal or "salt" in columns
