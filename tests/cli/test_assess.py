"""guatu assess: flags, refusals, who sees what, and the JSON of architecture §7."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from guatu.assessment.judging import Assessed
from guatu.assessment.models import Snapshot
from guatu.assessment.services.assess import assess_round, assessment_for_papers
from guatu.assessment.tests.rounds import Office
from guatu.cli.commands import rounds
from guatu.engines.sheets.fill.tests.samples import simple
from guatu.files.services import blob_path
from guatu.publishing.services import bulletin, table
from tests.cli.calls import LIST, PARK, PLANT, ROAD, Guatu
from tests.factories import UNIT, Cast
from tests.ground import own_store
from tests.tables import report_line


@pytest.fixture(scope="module")
def september(ground: Cast, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_TODAY", "2026-10-10")
        office = Office(ground, tmp_path_factory.mktemp("september"))
        office.list_in(*LIST)
        office.report(report_line(PARK, 7_000))
        return office.close()


@pytest.fixture
def closed(guatu: Guatu, september: Snapshot) -> Guatu:
    return guatu


TOP = {"period", "as_of", "revision", "rulebook", "snapshot", "total", "groups", "projects"}
FIGURES = {
    "projects", "projects_unpacked", "annual_plan_yuan", "completed_yuan", "completion_rate",
    "time_progress", "gap_to_time_progress", "year_on_year", "planned_starts", "due_starts",
    "started", "start_rate", "lights",
}  # fmt: skip
LIGHTS = {
    "ok", "notice", "warning", "serious", "no_data", "not_due", "not_in_scope", "undecided",
}  # fmt: skip
REASON = {"rule", "clause", "measure", "value", "limit", "text"}


def test_the_json_has_the_documented_keys(closed: Guatu) -> None:
    """The example of architecture §7: its keys are a contract, more may stand beside them."""
    got = closed("assess", "2026-09", "--json", "-", "--by", "region,unit,sector").json
    assert set(got) >= TOP
    assert (got["period"], got["as_of"], got["revision"]) == ("2026-09", "2026-09-30", 1)
    assert set(got["rulebook"]) == {"id", "version", "digest"}
    assert got["rulebook"]["id"] == "default"
    assert got["rulebook"]["digest"].startswith("sm3:")
    assert got["snapshot"] == {"digest": f"sm3:{Snapshot.objects.get().content_sm3}"}
    assert set(got["groups"]) == {"region", "unit", "sector"}
    groups = [group for by in got["groups"].values() for group in by]
    for figures in (got["total"], *groups, *got["projects"]):
        assert set(figures) >= FIGURES
        assert set(figures["lights"]) == LIGHTS
    assert all(set(group) >= {"key", "code", "rank", "light"} for group in groups)
    park = got["projects"][0]
    assert set(park) >= {"code", "name", "region", "light", "reasons"}
    assert park["light"] == {"severity": "warning", "label": "黄", "colour": "yellow"}
    assert all(set(reason) == REASON for reason in park["reasons"])
    assert park["reasons"]


def test_percentages_are_strings_and_money_is_whole_yuan(closed: Guatu) -> None:
    total = closed("assess", "2026-09", "--json", "-").json["total"]
    assert total["annual_plan_yuan"] == 360_000_000
    assert total["completed_yuan"] == 70_000_000
    assert total["completion_rate"] == "19.4"
    assert total["time_progress"] == "75.0"
    assert total["gap_to_time_progress"] == "-55.6"
    assert total["year_on_year"] is None
    assert total["lights"]["no_data"] == 2


@pytest.mark.parametrize(
    ("flags", "rate", "gap"),
    [
        ([], "19.4", "-55.6"),
        (["--digits", "0"], "19", "-56"),
        (["--digits", "2"], "19.44", "-55.56"),
        (["--digits", "completion_rate=2"], "19.44", "-55.6"),
        (["--digits", "2", "--rounding", "truncate"], "19.44", "-55.55"),
        (["--digits", "0", "--gap", "rounded"], "19", "-56"),
        (["--time-progress", "decreed:25"], "19.4", "-5.6"),
        (["--time-progress", "plan"], "19.4", None),
    ],
)
def test_flags_change_how_figures_are_computed_and_printed(
    closed: Guatu, flags: list[str], rate: str, gap: str | None
) -> None:
    total = closed("assess", "2026-09", "--json", "-", *flags).json["total"]
    assert (total["completion_rate"], total["gap_to_time_progress"]) == (rate, gap)


def test_settings_hold_where_no_flag_is_given(closed: Guatu) -> None:
    closed("settings", "digits=0")
    total = closed("assess", "2026-09", "--json", "-").json["total"]
    assert total["completion_rate"] == "19"
    got = closed("assess", "2026-09", "--json", "-", "--digits", "2").json
    assert got["total"]["completion_rate"] == "19.44"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--rulebook", "RB99"], "没有办法“RB99”。是不是“RB9"),
        (["--rulebook", "RB0"], "请把编号写全"),
        (["--by", "colour"], "不能按“colour”分组。可用：region、unit、sector"),
        (["--digits", "9"], "设置digits不能是“9”"),
        (["--digits", "nonsense=1"], "指标有completion_rate"),
        (["--rounding", "down"], "设置rounding不能是“down”"),
        (["--gap", "none"], "设置gap不能是“none”"),
        (["--time-progress", "moon"], "设置time-progress不能是“moon”"),
        (["--start-rate", "moon"], "设置start-rate不能是“moon”"),
        (["--revision", "2"], "2026年9月没有第2版。现有第1到第1版"),
        (["--revision", "0"], "2026年9月没有第0版"),
        (["--revision", "-1"], "2026年9月没有第-1版"),
    ],
)
def test_unknown_books_settings_groups_and_revisions_are_refused(
    closed: Guatu, flags: list[str], said: str
) -> None:
    [fault] = closed.refused("assess", "2026-09", *flags)
    assert said in fault


def test_each_revision_can_be_assessed(closed: Guatu) -> None:
    path = closed.report_file(report_line(PARK, 14_000), name="更正.csv")
    closed("correct", "2026-09", path, "--reason", "复核")
    rates = [
        closed("assess", "2026-09", "--json", "-", *words).json["total"]["completion_rate"]
        for words in (["--revision", 1], ["--revision", 2], [])
    ]
    assert rates == ["19.4", "38.9", "38.9"]


def test_ranks_are_null_until_the_switch_is_on(closed: Guatu) -> None:

    def ranks() -> list[int | None]:
        got = closed("assess", "2026-09", "--json", "-").json
        return [group["rank"] for group in got["groups"]["region"]]

    assert ranks() == [None, None]
    words = ("--basis", "文号", "--scope", "全市", "--until", "2026-12-31")
    closed("switch", "on", "rankings", *words)
    assert ranks() == [1, None]


def test_ranks_bear_the_basis_scope_and_end_of_their_switch(closed: Guatu) -> None:
    assert closed("assess", "2026-09", "--json", "-").json["rankings"] is None
    words = ("--basis", "江政办〔2026〕1号", "--scope", "全市", "--until", "2026-12-31")
    closed("switch", "on", "rankings", *words)
    terms = {"basis": "江政办〔2026〕1号", "scope": "全市", "until": "2026-12-31"}
    assert closed("assess", "2026-09", "--json", "-").json["rankings"] == terms
    line = "名次按完成率排列。依据江政办〔2026〕1号；范围全市；至2026-12-31。"
    assert line in closed("assess", "2026-09").out
    assert line in closed("assess", "2026-09", "--json", closed.folder / "结果.json").out
    part = closed("assess", "2026-09", "--json", "-", "--as", "reviewer").json
    assert part["rankings"] is None, "of a part of the projects no ranks are made"
    assert "名次" not in closed("assess", "2026-09", "--as", "reviewer").out
    closed("switch", "off", "rankings")
    assert closed("assess", "2026-09", "--json", "-").json["rankings"] is None
    assert "名次" not in closed("assess", "2026-09").out


def test_what_a_run_wants_to_be_read_is_told_on_stderr(
    closed: Guatu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_notices(assess: Callable[..., Assessed]) -> Callable[..., Assessed]:
        return lambda *words, **named: replace(assess(*words, **named), notices=("办法已过期",))

    monkeypatch.setattr(rounds, "assess_round", with_notices(assess_round))
    for words in ([], ["--json", "-"]):
        ran = closed("assess", "2026-09", *words)
        assert (ran.code, ran.faults) == (0, ["提示（1）", "办法已过期。"])
    for service in (bulletin, table):
        monkeypatch.setattr(service, "assessment_for_papers", with_notices(assessment_for_papers))
    ran = closed("bulletin", "2026-09", "-o", closed.folder / "通报.docx")
    assert (ran.code, ran.faults) == (0, ["提示（1）", "办法已过期。"])
    head = ["序号", "项目名称", "累计完成投资"]
    rows = [["2026年重点项目（1-8月）"], ["单位：万元"], head, [1, PARK, 5]]
    template = closed.folder / "上月.xlsx"
    simple(template, rows)
    out = closed.folder / "本月.xlsx"
    ran = closed("table", "2026-09", "--template", template, "-o", out)
    assert "办法已过期。" in ran.faults


def test_json_goes_to_a_file_or_to_the_screen_and_without_it_a_summary(closed: Guatu) -> None:
    target = closed.folder / "结果.json"
    ran = closed("assess", "2026-09", "--json", target)
    assert ran.code == 0
    assert json.loads(target.read_text("utf-8")) == closed("assess", "2026-09", "--json", "-").json
    summary = closed("assess", "2026-09").out
    assert "2026-09" in summary
    assert "19.4" in summary


@pytest.mark.parametrize("target", ["", "没有/结果.json", "夹", "长" * 200, "a\x00b"])
def test_a_place_that_cannot_be_written_is_refused(closed: Guatu, target: str) -> None:
    assert closed("assess", "2026-09").code == 0
    (closed.folder / "夹").mkdir()
    [fault] = closed.refused("assess", "2026-09", "--json", f"{closed.folder}/{target}")
    assert fault.startswith("写不了文件“")


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("office", [PARK, ROAD, PLANT]),
        ("viewer", [PARK, ROAD, PLANT]),
        ("reviewer", [PARK, ROAD]),
    ],
)
def test_who_assesses_sees_the_projects_he_may_see(
    closed: Guatu, who: str, names: list[str]
) -> None:
    ran = closed("assess", "2026-09", "--json", "-", "--by", "region,unit,sector", "--as", who)
    assert [project["name"] for project in ran.json["projects"]] == names
    assert ran.json["total"]["projects"] == len(names)
    assert (PLANT in ran.out) == (PLANT in names)
    assert ("临江区" in ran.out) == (PLANT in names)
    assert UNIT in ran.out


@pytest.mark.parametrize("who", ["reporter", "outsider", "department", "inspector"])
def test_without_the_right_nothing_is_assessed(closed: Guatu, who: str) -> None:
    [fault] = closed.refused("assess", "2026-09", "--as", who)
    assert f"账号“{who}”没有这项权限" in fault


def test_a_damaged_snapshot_is_refused_by_name(
    closed: Guatu, september: Snapshot, settings: Settings, tmp_path: Path
) -> None:
    own_store(settings, tmp_path / "home")
    path = blob_path(september.blob.sm3)
    path.write_bytes(path.read_bytes()[:-9])
    [fault] = closed.refused("assess", "2026-09")
    assert "2026年重点项目 · 2026年9月第1版的定版数据缺失或被改动" in fault
