"""2,010 real projects of one city through a remembered mapping: each is imported or named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from conftest import Say, Today
from guatu.cli.main import main
from guatu.journal.models import Entry
from guatu.ledger.models import Project
from guatu.organisation.queries import organisation_names, region_names
from guatu.planning.models import AnnualPlan
from tests.lists.sample import CITY, rows_of, sample_file

MAPPING = str(Path(__file__).with_name("nyc.toml"))
SENDER = "市预算办"
LINE = re.compile(r"单元格(?:第|[A-Z]+)(\d+)")

Row = dict[str, str]
Values = tuple[str, str, str, int | None, int | None]


def import_city(*words: str) -> int:
    """The list of the city, doubtful rows skipped."""
    return main(
        [
            "import", "ledger", str(sample_file(CITY)), "--year", "2021", "--list", "资本项目",
            "--skip-doubtful", "--create-missing", *words,
        ]
    )  # fmt: skip


def lines_of_the_file() -> dict[int, Row]:
    """The rows by their line, the head being the first."""
    return dict(enumerate(rows_of(CITY), start=2))


def named_lines(told: str) -> set[int]:
    """The rows that a call has named."""
    return {int(found[1]) for line in told.splitlines() if (found := LINE.search(line))}


def doubtful_lines(rows: dict[int, Row]) -> set[int]:
    """What must be asked: a code that stands for two projects, an amount below zero."""
    often = Counter(row["project_id"] for row in rows.values())
    return {
        line
        for line, row in rows.items()
        if often[row["project_id"]] > 1 or int(row["combined2021"]) < 0
    }


def wanted(rows: dict[int, Row], left_out: set[int]) -> dict[str, Values]:
    """The good rows by code: name, place, unit, and both amounts in yuan."""
    return {
        row["project_id"]: (
            " ".join(row["project_description"].split()),
            row["borough"],
            row["managing_agency"],
            int(row["combined_total"]) * 1000,
            int(row["combined2021"]) * 1000,
        )
        for line, row in rows.items()
        if line not in left_out
    }


def imported() -> dict[str, Values]:
    """What stands in the ledger, in the same form."""
    plans = dict(AnnualPlan.objects.values_list("entry__project_id", "amount_yuan"))
    regions = region_names().official
    units = organisation_names().official
    return {
        project.national_code or "": (
            " ".join(project.name.split()),
            regions[project.region_id],
            "、".join(units[pk] for pk in _leads(project)),
            project.total_yuan,
            plans.get(project.pk),
        )
        for project in Project.objects.prefetch_related("responsibilities")
    }


def _leads(project: Project) -> Iterator[int]:
    for duty in project.responsibilities.all():
        if duty.role == "lead" and duty.organisation_id is not None:
            yield duty.organisation_id


@pytest.fixture
def installed(db: None, today: Today) -> None:
    today(date(2026, 10, 31))
    assert main(["init", "--yes"]) == 0


@pytest.mark.usefixtures("installed")
def test_every_row_is_imported_or_named(capsys: pytest.CaptureFixture[str], say: Say) -> None:
    rows = lines_of_the_file()
    doubtful = doubtful_lines(rows)
    assert import_city("--mapping", MAPPING, "--save-mapping", SENDER) == 3
    told = capsys.readouterr().err
    assert named_lines(told) == doubtful
    assert imported() == wanted(rows, doubtful)
    before = Entry.objects.count()
    assert import_city("--mapping", SENDER) == 3
    again = capsys.readouterr()
    assert f"新增0项，变更0项，不变{len(rows) - len(doubtful)}项" in again.out
    assert named_lines(again.err) == doubtful
    assert Entry.objects.count() == before
    say(
        f"lists: {len(rows)} of {len(rows)} rows of a city: {len(rows) - len(doubtful)} imported"
        f" to the yuan, {len(doubtful)} named; again: nothing changes"
    )


@pytest.mark.usefixtures("installed")
def test_without_leave_to_skip_nothing_is_imported(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", "ledger", str(sample_file(CITY)), "--year", "2021", "--create-missing"]
    assert main([*words, "--mapping", MAPPING]) == 2
    assert named_lines(capsys.readouterr().err) == doubtful_lines(lines_of_the_file())
    assert not Project.objects.exists()


@pytest.mark.usefixtures("installed")
def test_a_mapping_that_nobody_saved_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert import_city("--mapping", SENDER) == 2
    assert SENDER in capsys.readouterr().err
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("文件“a.csv” 单元格B80：代码重复。", {80}),
        ("文件“a.csv” 单元格第12行：没有项目名称。", {12}),
        ("跳过的行（6）", set()),
    ],
)
def test_a_row_that_is_not_named_would_be_missed(line: str, numbers: set[int]) -> None:
    assert named_lines(line) == numbers
