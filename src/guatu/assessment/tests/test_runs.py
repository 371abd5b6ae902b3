from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from guatu.assessment import queries
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Result, RuleBookVersion, Run, Snapshot
from guatu.assessment.services import assess as assessing
from guatu.assessment.services.assess import (
    AssessRound,
    assess_for_record,
    assess_round,
    assessment_for_papers,
)
from guatu.assessment.tests.rounds import PARK, PLANT, ROAD, Office, september
from guatu.core.errors import BadInput, GuatuError, NotAllowed
from guatu.engines.rulebook import find_book
from guatu.files.services import blob_path
from guatu.journal import queries as journal
from guatu.journal import services as writing
from guatu.journal.types import Actor
from guatu.ledger.models import Project
from guatu.organisation.services import change_settings, switch_off, switch_on
from tests.factories import Cast
from tests.ground import own_store
from tests.tables import report_line, row_counts


@pytest.fixture(scope="module")
def snapshot(ground: Cast, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return september(ground, tmp_path_factory.mktemp("september"))


def assess(
    office: Office, snapshot: Snapshot, who: Actor | None = None, /, **options: Any
) -> Assessed:
    book = options.pop("rulebook", None)
    command = AssessRound(by=("region",), rulebook=book, overrides=options)
    return assess_round(who or office.console, snapshot, command)


def test_the_same_inputs_give_the_same_run(office: Office, snapshot: Snapshot) -> None:
    assess(office, snapshot)
    run = Run.objects.get()
    before = row_counts()
    assess(office, snapshot)
    assess(office, snapshot, office.people.act_as("office"))
    assert row_counts() == before
    assert Run.objects.get() == run


@pytest.mark.parametrize(
    "options",
    [
        {"digits": "2"},
        {"rounding": "truncate"},
        {"gap": "rounded"},
        {"time-progress": "days"},
        {"start-rate": "all"},
        {"rulebook": "RB01"},
    ],
)
def test_other_settings_or_another_book_are_another_run(
    office: Office, snapshot: Snapshot, options: dict[str, str]
) -> None:
    assess(office, snapshot)
    assess(office, snapshot, **options)
    assert Run.objects.count() == 2


def test_a_snapshot_has_one_run_of_record(office: Office, snapshot: Snapshot) -> None:
    assess_for_record(office.console, snapshot)
    assess(office, snapshot, digits="2")
    trial = Run.objects.get(is_of_record=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=trial.pk).update(is_of_record=True)
    change_settings(office.console, {"digits": "2"}, basis="试")
    assess_for_record(office.console, snapshot)
    assert "2" in Run.objects.get(is_of_record=True).settings
    assert Run.objects.filter(is_of_record=False).count() == 2


@pytest.mark.parametrize("takes", [lambda: Run.objects.all(), lambda: Result.objects.all()])
def test_deleted_results_are_made_again_the_same(
    office: Office, snapshot: Snapshot, takes: object
) -> None:
    assess(office, snapshot)

    def state() -> tuple[str, list[tuple[object, ...]]]:
        rows = Result.objects.order_by("subject_kind", "subject_key")
        names = ("subject_kind", "subject_key", "label", "verdict", "numerator", "denominator")
        return Run.objects.get().result_sm3, list(rows.values_list(*names, "rank", "codes"))

    first = state()
    assert first[1]
    assert callable(takes)
    takes().delete()
    assess(office, snapshot)
    assert state() == first


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: Result.objects.filter(rank=None).update(verdict="ok"), "不全或被改动"),
        (lambda: Result.objects.filter(subject_kind="region").update(rank=1), "不全或被改动"),
        (lambda: Result.objects.filter(subject_kind="region").delete(), "不全或被改动"),
        (lambda: Run.objects.update(result_sm3="0" * 64, app_version="0.0.1"), "0.0.1版程序"),
    ],
)
def test_kept_results_that_are_not_those_computed_are_made_again_and_told(
    office: Office, snapshot: Snapshot, change: Callable[[], object], told: str
) -> None:
    assert assess(office, snapshot).notices == ()
    rows = ("subject_kind", "subject_key", "verdict", "numerator", "rank")
    whole = set(Result.objects.values_list(*rows))
    digest = Run.objects.get().result_sm3
    change()
    [notice] = assess(office, snapshot).notices
    assert told in notice
    assert set(Result.objects.values_list(*rows)) == whole
    assert Run.objects.get().result_sm3 == digest
    assert assess(office, snapshot).notices == ()


def other_text(monkeypatch: pytest.MonkeyPatch, version: int = 1) -> None:
    """The default book with another text on the shelf, under a version number."""
    book = find_book("default")
    changed = replace(book, version=version, digest=f"sm3:{version:064}")
    monkeypatch.setattr(assessing, "book_among", lambda *_: changed)


def test_a_book_changed_under_its_version_number_is_refused(
    office: Office, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(office, snapshot)
    other_text(monkeypatch)
    before = row_counts()
    what = "“default”的内容改过了，版本号仍是1.*version"
    for who in (office.console, office.people.act_as("reviewer")):
        with pytest.raises(BadInput, match=what):
            assess(office, snapshot, who)
    with pytest.raises(BadInput, match=what):
        assessment_for_papers(office.console, snapshot)
    assert row_counts() == before


def test_a_book_may_change_with_its_version_number_or_while_nothing_rests_on_it(
    office: Office, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(office, snapshot)
    with monkeypatch.context() as patch:
        other_text(patch, version=2)
        assert assess(office, snapshot).book.version == 2
    Run.objects.all().delete()
    other_text(monkeypatch)
    assess(office, snapshot)
    assert RuleBookVersion.objects.count() == 3


def test_results_hold_numerator_denominator_and_the_rules_that_spoke(
    office: Office, snapshot: Snapshot
) -> None:
    assess(office, snapshot)
    park = Result.objects.get(
        subject_kind="project", subject_key=str(Project.objects.get(name=PARK).pk)
    )
    assert (park.numerator, park.denominator, park.verdict) == (70_000_000, 120_000_000, "warning")
    assert park.codes
    plant = Project.objects.get(name=PLANT)
    missing = Result.objects.get(subject_kind="project", subject_key=str(plant.pk))
    assert (missing.numerator, missing.verdict) == (None, "no_data")


def test_runs_and_results_are_derived_and_books_are_recorded_once(
    office: Office, snapshot: Snapshot
) -> None:
    assess(office, snapshot)
    assess(office, snapshot, digits="0")
    assert RuleBookVersion.objects.get().book == "default"
    assert not journal.verify().problems


def test_the_switch_decides_about_ranks_and_is_part_of_the_run(
    office: Office, snapshot: Snapshot
) -> None:
    def ranks() -> set[int | None]:
        return {group.rank for group in assess(office, snapshot).groups["region"]}

    assert ranks() == {None}
    switch_on(
        office.console,
        "rankings",
        basis="市政办〔2026〕1号",
        scope="全市",
        until=date(2026, 12, 31),
    )
    assert ranks() == {1, None}
    assert Run.objects.count() == 2
    switch_off(office.console, "rankings")
    assert ranks() == {None}
    assert Run.objects.count() == 2


def test_a_switch_past_its_end_does_not_act(
    office: Office, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(office.console, "rankings", basis="文号", scope="全市", until=date(2026, 10, 11))
    for day, ranks in (("2026-10-11", {1, None}), ("2026-10-12", {None})):
        monkeypatch.setenv("GUATU_TODAY", day)
        assert {group.rank for group in assess(office, snapshot).groups["region"]} == ranks


def test_trial_flags_do_not_feed_a_paper(office: Office, snapshot: Snapshot) -> None:
    assess(office, snapshot, digits="2", rounding="truncate")
    paper = assessment_for_papers(office.console, snapshot)
    assert paper.conventions.as_json() == {
        "digits": "1", "gap": "unrounded", "package_count": "listed", "rounding": "half-up",
        "start_rate": "planned", "time_progress": "months",
    }  # fmt: skip
    change_settings(office.console, {"digits": "0"})
    assert assessment_for_papers(office.console, snapshot).conventions.digits == "0"


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"rulebook": "RB99"}, "没有办法“RB99”"),
        ({"rulebook": "RB"}, "对应"),
        ({"digits": "3"}, "设置digits不能是“3”"),
        ({"digits": "no_such_measure=1"}, "设置digits不能是“no_such_measure=1”"),
        ({"rounding": "up"}, "设置rounding不能是“up”"),
        ({"gap": "big"}, "设置gap不能是“big”"),
        ({"time-progress": "decreed:101"}, "设置time-progress不能是“decreed:101”"),
        ({"start-rate": "none"}, "设置start-rate不能是“none”"),
    ],
)
def test_unknown_books_and_settings_are_refused_and_make_no_run(
    office: Office, snapshot: Snapshot, options: dict[str, str], what: str
) -> None:
    before = row_counts()
    with pytest.raises(GuatuError, match=what):
        assess(office, snapshot, **options)
    assert row_counts() == before


# --- who sees what -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("office", [PARK, ROAD, PLANT]),
        ("viewer", [PARK, ROAD, PLANT]),
        ("reviewer", [PARK, ROAD]),
        ("leader", []),
    ],
)
def test_an_assessment_holds_the_projects_that_its_reader_may_see(
    office: Office, snapshot: Snapshot, who: str, names: list[str]
) -> None:
    got = assess(office, snapshot, office.people.act_as(who))
    assert [one.subject.name for one in got.measured] == names
    assert got.total.projects == len(names)
    assert sum(group.totals.projects for group in got.groups["region"]) == len(names)
    assert Run.objects.count() == (1 if len(names) == 3 else 0)


def test_who_sees_a_part_sees_no_ranks(office: Office, snapshot: Snapshot) -> None:
    switch_on(office.console, "rankings", basis="文号", scope="全市", until=date(2026, 12, 31))
    got = assess(office, snapshot, office.people.act_as("reviewer"))
    assert {group.rank for group in got.groups["region"]} == {None}


@pytest.mark.parametrize("who", ["reporter", "outsider", "department", "inspector"])
def test_without_the_right_nothing_is_assessed(
    office: Office, snapshot: Snapshot, who: str
) -> None:
    with pytest.raises(NotAllowed, match="没有这项权限"):
        assess(office, snapshot, office.people.act_as(who))
    assert not Run.objects.exists()


def test_a_project_removed_since_stays_in_the_closed_round_for_who_sees_all(
    office: Office, snapshot: Snapshot
) -> None:
    plant = Project.objects.get(name=PLANT)
    plant.removed_on = date(2026, 10, 10)
    with writing.act(office.console, "test.removed") as act:
        act.write(plant)
    for who in (office.console, office.people.act_as("office"), office.people.act_as("viewer")):
        assert assess(office, snapshot, who).total.projects == 3
    assert assess(office, snapshot, office.people.act_as("reviewer")).total.projects == 2


# --- damaged store -----------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_snapshot_is_named_and_not_assessed(
    office: Office,
    snapshot: Snapshot,
    settings: Settings,
    tmp_path: Path,
    damage: bytes | None,
) -> None:
    own_store(settings, tmp_path / "home")
    path = blob_path(snapshot.blob.sm3)
    whole = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with pytest.raises(BadInput, match=r"2026年9月第1版的定版数据缺失或被改动"):
        assess(office, snapshot)
    with pytest.raises(BadInput, match="的定版数据缺失或被改动"):
        office.correct(report_line(PARK, 7_500))
    path.write_bytes(whole)
    assert assess(office, snapshot).total.projects == 3
    assert queries.newest_snapshot(office.round()) == snapshot
