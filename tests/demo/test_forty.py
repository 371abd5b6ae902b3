"""Must hold: every planted fault named, every good row in, every figure the generator's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from guatu.assessment.presenters import assessment_json
from guatu.assessment.services.assess import AssessRound, assess_round
from guatu.assessment.services.close import close_round
from guatu.core.errors import Fault
from guatu.core.periods import parse_period
from guatu.demo.arithmetic import expected
from guatu.demo.city import OPEN_PERIOD
from guatu.demo.faults import Outcome, PlantedFault
from guatu.ledger.queries import find_list
from guatu.reporting.models import Figure
from guatu.reporting.services.intake import TakeInReports, take_in_reports
from tests.demo.conftest import Desk

pytestmark = pytest.mark.django_db

CODES = {
    "month-ambiguous": {"month-ambiguous"},
    "unreadable-money": {"approximate", "status-word", "not-a-number-text"},
    "rate-contradicts": {"rate-contradicts"},
    "above-total-investment": {"above-total-investment"},
    "phone-no-figure": {"no-figure"},
    "last-year-differs": {"last-year-differs"},
    "wrong-total": {"subtotal-mismatch"},
    "repeated-start": {"repeated-start"},
    "renamed-project": {"unknown-project"},
    "ambiguous-project": {"unknown-project", "ambiguous-project"},
    "last-month-sheet": {"last-month-sheet"},
    "below-last-month": {"below-last-month"},
    "empty-workbook": {"nothing-in-it"},
    "code-ruined": {"code-ruined"},
    "unknown-project": {"unknown-project"},
    "renamed-with-code": {"renamed-with-code"},
    "duplicate-row": {"duplicate-row"},
    "fraction-of-yuan": {"fraction-of-yuan"},
    "formula-without-value": {"formula-without-value"},
    "missing-unit": {"unit-missing"},
    "no-table": {"no-table"},
    "wrong-period": {"wrong-period"},
}
"""How the platform names what the generator plants. Planted things that are legal are not here."""

WHOLE_TABLE = {"missing-unit", "wrong-period", "last-month-sheet", "empty-workbook", "no-table"}
"""Faults of a table or file: the generator gives its first cell, the platform its rows."""

WHERE = {
    Outcome.WAITING: "waiting",
    Outcome.QUESTIONED: "questioned",
    Outcome.NOTICED: "notices",
}


def _named(fault: PlantedFault, desk: Desk) -> list[Fault]:
    """What the import said about a planted fault, in the list where it belongs."""
    if fault.outcome is Outcome.REFUSED:
        # A table of the wrong month waits as a whole: somebody must say which month is meant.
        said = [*desk.taken.refused, *desk.taken.waiting]
    else:
        said = getattr(desk.taken, WHERE[fault.outcome])
    return [
        one
        for one in said
        if one.file == fault.file
        and one.code in CODES[fault.code]
        and (fault.code in WHOLE_TABLE or _same_row(one.cell, fault.cell))
    ]


def _same_row(cell: str, planted: str) -> bool:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == planted.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _to_be_named(desk: Desk) -> list[PlantedFault]:
    return [f for f in desk.planted.faults if f.outcome is not Outcome.IMPORTED]


def test_every_planted_fault_is_named(desk: Desk, say: Callable[[str], None]) -> None:
    planted = _to_be_named(desk)
    missed = [fault for fault in planted if not _named(fault, desk)]
    say(f"forty workbooks: planted faults named {len(planted) - len(missed)} of {len(planted)}")
    assert missed == []
    assert len(planted) >= 25


def test_nothing_else_waits_or_is_questioned(desk: Desk) -> None:
    planted = _to_be_named(desk)
    explained = [one for fault in planted for one in _named(fault, desk)]
    said = [*desk.taken.waiting, *desk.taken.questioned, *desk.taken.refused]
    assert [str(one) for one in said if one not in explained] == []


def test_a_fault_that_was_not_planted_would_be_missed(desk: Desk) -> None:
    invented = PlantedFault(
        code="code-ruined",
        file=desk.files[0].name,
        sheet="Sheet1",
        cell="C99",
        outcome=Outcome.WAITING,
        project="",
        name="",
        note="",
    )
    assert _named(invented, desk) == []


def test_every_good_row_is_in_and_no_other(desk: Desk, say: Callable[[str], None]) -> None:
    good = {
        row.project: row.yuan
        for row in desk.planted.accepted().values()
        if row.yuan is not None and not row.is_part
    }
    stored = Figure.objects.filter(
        as_of=parse_period(OPEN_PERIOD).as_of, indicator__code="investment", is_current=True
    )
    by_name = {figure.project.name: figure.value for figure in stored.select_related("project")}
    wanted = {desk.city.project[key].name: yuan for key, yuan in good.items() if key}
    say(f"forty workbooks: good rows in {len(wanted)} of {len(wanted)}")
    assert by_name == wanted


def test_the_same_forty_files_again_change_nothing(desk: Desk) -> None:
    with transaction.atomic():
        again = take_in_reports(desk.actor, desk.files, TakeInReports(parse_period(OPEN_PERIOD)))
        transaction.set_rollback(True)
    assert sum(f.new + f.changed for f in again.files) == 0
    assert sum(f.same for f in again.files) == sum(f.new for f in desk.taken.files)


@pytest.fixture
def october(desk: Desk) -> dict[str, Any]:
    """The month closed and assessed by the city's own settings."""
    listing = find_list(2026, None)
    with transaction.atomic():
        snapshot = close_round(desk.actor, listing, parse_period(OPEN_PERIOD))
        assessed = assess_round(desk.actor, snapshot, AssessRound())
        result = assessment_json(assessed, snapshot)
        transaction.set_rollback(True)
    return result


def _common(ours: dict[str, Any], own: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = [key for key in own if key in ours and key not in ("light", "started")]
    assert len(keys) >= 5
    return {k: ours[k] for k in keys}, {k: own[k] for k in keys}


def test_every_figure_equals_the_generators_own_arithmetic(
    desk: Desk, october: dict[str, Any], say: Callable[[str], None]
) -> None:
    own = expected(desk.city, desk.planted)
    compared = 0
    ours, wanted = _common(october["total"], own["total"])
    assert ours == wanted
    assert own["total"]["started"] == october["total"]["started"]
    for by, groups in own["groups"].items():
        found = {group["key"]: group for group in october["groups"][by]}
        assert set(found) == {group["key"] for group in groups}
        for group in groups:
            ours, wanted = _common(found[group["key"]], group)
            assert ours == wanted, group["key"]
            compared += len(wanted)
    projects = {project["name"]: project for project in october["projects"]}
    for project in own["projects"]:
        ours, wanted = _common(projects[project["name"]], project)
        assert ours == wanted, project["name"]
        assert projects[project["name"]]["light"]["severity"] == project["light"]
        compared += len(wanted) + 1
    say(f"forty workbooks: figures equal to the generator's own {compared} of {compared}")
    assert len(own["projects"]) == 320
