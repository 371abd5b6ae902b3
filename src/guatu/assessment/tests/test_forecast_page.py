"""Forecasts made with the run of record, and the page that shows them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from guatu.assessment.forecast.types import Group, Reason, Record, Way
from guatu.assessment.forecasting import history
from guatu.assessment.models import (
    Forecast,
    ForecastBasis,
    ForecastTest,
    Result,
    Run,
    Snapshot,
)
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import correct_round
from guatu.assessment.services.forecast import METHOD
from guatu.assessment.tests.rounds import Office
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.journal import services as journal
from guatu.ledger.queries import find_list
from guatu.organisation.models import User
from guatu.reporting.models import Round
from guatu.reporting.services.rounds import open_round
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, Cast
from tests.tables import project_row, put_list, put_report, report_line, take_list, take_reports

MONTHS = ("2025-03", "2025-06", "2025-09", "2025-12", "2026-03", "2026-06", "2026-09")
PLAN, SIZE = 10_000, 26
SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd()"


def name(number: int) -> str:
    return f"项目{number:02d}"


def done(number: int, period: str, rng: Random) -> int:
    """万元: a third, a half and most of the way; the year 2025 ends between 80 and 105 %. In 2026
    the third lags behind, and the fourth does next to nothing."""
    share = {"03": 20, "06": 45, "09": 70, "12": 80 + number}[period[-2:]]
    if number == 3:
        share = {"2026-06": 37, "2026-09": 62}.get(period, share)
    if number == 4:
        share = {"2026-06": 2, "2026-09": 2}.get(period, share)
    return PLAN * share // 100 + rng.randint(0, 200)


def listed(number: int) -> dict[str, Cell]:
    """Every second project is the other unit's, in the other region."""
    other: dict[str, Cell] = {"所属地区": "临江区", "责任单位": OTHER_UNIT} if number % 2 else {}
    plan: dict[str, Cell] = {"年度计划投资（万元）": PLAN, "建设性质": "续建", "计划开工时间": ""}
    return project_row(name(number), f"P-{number}", **plan, **other)


@pytest.fixture(scope="module")
def grown(
    ground: Cast, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Cast:
    """Two years of a list of 26 projects: 2025 locked to its end, 2026 to September."""
    folder, rng = tmp_path_factory.mktemp("forecast"), Random(1)
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_TODAY", "2026-10-10")
        for year in (2025, 2026):
            rows = put_list(folder / f"{year}.csv", *(listed(n) for n in range(SIZE)))
            take_list(ground.console, rows, year=year)
            for period in (one for one in MONTHS if one.startswith(str(year))):
                lines = [report_line(name(n), done(n, period, rng)) for n in range(SIZE)]
                path = put_report(folder / f"{period}.csv", *lines)
                take_reports(ground.console, path, period=period)
                close(ground, period)
    return ground


def close(people: Cast, period: str) -> None:
    key = parse_period(period)
    snapshot = close_round(people.console, find_list(key.year, "重点项目"), key)
    assess_for_record(people.console, snapshot)


@pytest.fixture
def city(grown: Cast, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return Office(people, tmp_path)


def round_of(period: str = "2026-09") -> Round:
    return Round.objects.get(period__key=period)


def basis_of(period: str = "2026-09") -> ForecastBasis:
    return ForecastBasis.objects.get(run__snapshot__round=round_of(period))


def forecast_of(number: int, period: str = "2026-09") -> Forecast:
    return basis_of(period).forecasts.get(project__name=name(number))


def browser(office: Office, who: str) -> Client:
    client = Client()
    user = User.objects.get(pk=getattr(office.people, who).pk)
    client.force_login(user, backend="guatu.organisation.backend.Accounts")
    return client


def page(office: Office, who: str = "office", query: str = "", period: str = "2026-09") -> Any:
    return browser(office, who).get(f"/months/{round_of(period).pk}/forecast/{query}")


def text_of(response: Any) -> str:
    return str(response.content.decode())


def rows_in(response: Any) -> list[str]:
    return re.findall(r">(项目\d\d)</a>", text_of(response))


def test_locking_makes_a_forecast_of_each_project(city: Office) -> None:
    basis = basis_of()
    assert (basis.years, basis.pool, basis.left_out, basis.reason) == ("2025", SIZE, 0, "")
    one = forecast_of(3)
    assert one.p80_yuan is not None
    assert one.p50_yuan is not None
    assert one.p20_yuan is not None
    completed = Result.objects.get(run=basis.run, project=one.project_id).numerator or 0
    assert completed <= one.p80_yuan <= one.p50_yuan <= one.p20_yuan
    assert (one.like, one.months) == (20, 3)
    # 62 % done and about 22 % to come, as others had from September on.
    assert 0.8 <= one.p50_yuan / (PLAN * 10_000) <= 0.9
    assert 690_000 <= one.stood_least <= one.stood_most <= 730_000
    assert 790_000 <= one.ended_least <= one.ended_most <= 1_100_000


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ("2025-03", Reason.FEW_MONTHS),
        ("2025-09", Reason.NO_YEARS),
        ("2025-12", Reason.YEAR_END),
        ("2026-03", Reason.FEW_MONTHS),
        ("2026-06", ""),
    ],
)
def test_where_nothing_can_be_said_the_reason_stands(
    city: Office, period: str, reason: str
) -> None:
    assert basis_of(period).reason == reason
    assert forecast_of(1, period).reason == reason
    told = text_of(page(city, period=period))
    if reason:
        assert Reason(reason).text in told
        assert "这个数准不准" not in told


def test_error_and_coverage_stand_beside(city: Office) -> None:
    kept = ForecastTest.objects.get(basis=basis_of(), month=9, year=0, group="")
    assert kept.way == Way.OTHER_PROJECTS
    assert kept.tested == SIZE
    told = text_of(page(city))
    assert "误差中位数" in told
    assert f"{SIZE}个里有{100 * kept.covered / SIZE:.0f}%达到（应接近80%）" in told
    assert "只有一个往年" in told


def test_a_project_without_its_year_end_is_told_and_left_out(city: Office) -> None:
    december = Run.objects.get(snapshot__round=round_of("2025-12"))
    gone = december.results.filter(project__name__in=(name(0), name(1)))
    gone.update(numerator=None)
    again = remade(city)
    assert (again.pool, again.left_out) == (SIZE - 2, 2)
    assert "另有2个没有年末数" in text_of(page(city))


def test_without_a_locked_december_a_year_tells_nothing(city: Office) -> None:
    Run.objects.filter(snapshot__round=round_of("2025-12")).update(is_of_record=False)
    again = remade(city)
    assert (again.pool, again.years, again.reason) == (0, "", Reason.NO_YEARS)
    assert Reason.NO_YEARS.text in text_of(page(city))


def test_a_month_is_told_as_it_was_known_then_and_the_end_as_it_is_known_now(city: Office) -> None:
    listing, project = find_list(2026, "重点项目"), forecast_of(5).project_id

    def record() -> Record:
        return next(one for one in history(listing).records if one.project == project)

    before = record()
    for period in ("2025-09", "2025-12"):
        path = put_report(city.folder / "更正.csv", report_line(name(5), 9_999))
        done = correct_round(
            city.console, find_list(2025, "重点项目"), parse_period(period), [path], reason="复核"
        )
        assert done.snapshot is not None
        assess_for_record(city.console, done.snapshot)
    after = record()
    assert after.done == before.done
    assert before.end != after.end == 99_990_000


def remade(city: Office) -> ForecastBasis:
    ForecastBasis.objects.filter(run__snapshot__round=round_of()).delete()
    assess_for_record(city.console, Snapshot.objects.get(round=round_of()))
    return basis_of()


def test_made_again_it_is_the_same(city: Office) -> None:
    fields = ("project_id", "p80_yuan", "p50_yuan", "p20_yuan", "like", "months", "reason")
    before = list(basis_of().forecasts.order_by("project_id").values_list(*fields))
    kept = basis_of().pk
    assess_for_record(city.console, Snapshot.objects.get(round=round_of()))
    assert basis_of().pk == kept
    assert list(remade(city).forecasts.order_by("project_id").values_list(*fields)) == before


def test_it_goes_with_its_run(city: Office) -> None:
    Run.objects.filter(snapshot__round=round_of()).delete()
    assert not Forecast.objects.filter(basis__run__snapshot__round=round_of()).exists()


def test_who_says_otherwise_stands_first(city: Office) -> None:
    answer = page(city)
    # Whom nobody is like, under a red light and without a problem told, before all others.
    assert rows_in(answer)[:2] == [name(4), name(3)]
    told = text_of(answer)
    assert "没有报问题" in told
    assert "多半完不成" in told
    assert "月报里没有“预计年底完成多少”一栏" in told


def test_the_page_opens_with_those_that_contradict_and_folds_the_rest(city: Office) -> None:
    answer = page(city)
    assert 0 < len(rows_in(answer)) < SIZE
    assert "说法相反的" in text_of(answer)
    assert f"其余{SIZE - len(rows_in(answer))}个没有相反的说法" in text_of(answer)
    assert set(rows_in(answer)) == set(rows_in(page(city, query="?said=opposed")))
    assert set(rows_in(page(city, query="?said=all"))) == {name(n) for n in range(SIZE)}
    # Who searches finds it whatever is said of it.
    assert rows_in(page(city, query=f"?q={name(9)}")) == [name(9)]


def test_where_nobody_contradicts_all_are_shown(city: Office) -> None:
    Result.objects.filter(run=basis_of().run, project__name__in=rows_in(page(city))).delete()
    answer = page(city)
    assert len(rows_in(answer)) > SIZE // 2
    assert "没有相反的说法" not in text_of(answer)


def test_who_has_no_near_class_has_no_number(city: Office) -> None:
    one = forecast_of(4)
    assert (one.reason, one.p50_yuan, one.like) == (Reason.NONE_NEAR, None, 0)
    told = text_of(page(city, query=f"?q={name(4)}"))
    assert Reason.NONE_NEAR.short in told
    project = text_of(browser(city, "office").get(f"/projects/{one.project_id}/"))
    assert "没有接近的同类，不作预测" in project
    assert "一个也没有" in project
    assert "误差中位数" not in project


def test_the_error_beside_a_project_is_its_groups_own(city: Office) -> None:
    one = forecast_of(3)
    assert one.group == Group.BEHIND
    found = f"/projects/{one.project_id}/"
    tests = ForecastTest.objects.filter(basis=basis_of(), month=9, year=0)
    tests.filter(group=Group.ON_PACE).update(group=Group.BEHIND)
    mine = tests.filter(group=Group.BEHIND)
    assert mine.update(tested=30, covered=24, error=91_000) == 1
    told = text_of(browser(city, "office").get(found))
    assert "往年30个检验：一半把握的数，误差中位数9.1个百分点" in told
    assert "80%达到" in told
    assert "9.1" in text_of(page(city, query=f"?q={name(3)}"))
    mine.update(tested=19)
    told = text_of(browser(city, "office").get(found))
    assert "往年只有19个可以检验，不足20个，误差说不准" in told
    assert "9.1" not in text_of(page(city, query=f"?q={name(3)}"))


def test_the_tests_of_groups_stand_on_the_page_and_in_the_export(city: Office) -> None:
    assert all(one.text in text_of(page(city)) for one in Group)
    answer = browser(city, "office").get(f"/months/{round_of().pk}/forecast/export/")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any(cell.startswith(f"{Group.FAR.text}：检验0个") for cell in cells)
    assert {name(n) for n in range(SIZE)} <= set(cells)


def test_what_an_older_method_foretold_says_so_and_can_be_made_again(city: Office) -> None:
    assert "按现行办法重算" not in text_of(page(city))
    ForecastBasis.objects.filter(pk=basis_of().pk).update(method="nearest-share-pace-1")
    assert "按现行办法重算" in text_of(page(city))
    assert "旧办法" in text_of(page(city, "viewer"))
    assert "按现行办法重算" not in text_of(page(city, "viewer"))
    data = {TOKEN_FIELD: new_token()}
    address = f"/months/{round_of().pk}/forecast/make/"
    assert browser(city, "office").post(address, data).status_code == 302
    assert basis_of().method == METHOD


def test_search_filter_and_sort(city: Office) -> None:
    assert rows_in(page(city, query=f"?q={name(7)}")) == [name(7)]
    assert rows_in(page(city, query="?region=临江区&sort=serial"))[:2] == [name(1), name(3)]
    assert rows_in(page(city, query="?sort=p50"))[0] == name(3)
    assert name(3) in rows_in(page(city, query="?said=difficult"))
    assert rows_in(page(city, query="?said=none")) == [name(4)]
    assert "没有符合条件的项目" in text_of(page(city, query="?said=none&q=没有的"))


@pytest.mark.parametrize(
    "query",
    [
        f"?q={SCRIPT}",
        f"?region={SCRIPT}&unit={FORMULA}&sector={'长' * 10_000}",
        "?light=purple&said=everything&sort=-nothing&page=-3",
        "?page=99999999&rows=all",
        "?q=" + "长" * 10_000,
    ],
)
def test_what_an_address_says_is_data(city: Office, query: str) -> None:
    answer = page(city, query=query)
    assert answer.status_code == 200
    assert SCRIPT not in text_of(answer)


def test_a_leader_sees_his_projects_and_no_others(city: Office) -> None:
    answer = page(city, "reviewer", "?said=all")
    assert answer.status_code == 200
    assert set(rows_in(answer)) == {name(n) for n in range(0, SIZE, 2)}
    assert "只含您能看到的项目" in text_of(answer)
    assert OTHER_UNIT not in text_of(answer)


@pytest.mark.parametrize("who", ["outsider", "inspector", "system"])
def test_who_sees_no_round_finds_no_page(city: Office, who: str) -> None:
    if who == "system":
        User.objects.filter(pk=city.people.system.pk).update(is_active=True)
    assert page(city, who).status_code == 404


def test_the_export_has_what_the_page_shows(city: Office) -> None:
    answer = browser(city, "office").get(
        f"/months/{round_of().pk}/forecast/export/?region=临江区&sort=serial"
    )
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert name(1) in cells
    assert name(2) not in cells
    assert any("误差中位数" in cell for cell in cells)
    assert any("筛选：临江区" in cell for cell in cells)


def test_an_open_round_has_none(city: Office) -> None:
    with journal.act(city.console, "round.opened") as act:
        opened = open_round(act, find_list(2026, "重点项目"), parse_period("2026-10"))
    told = text_of(browser(city, "office").get(f"/months/{opened.pk}/forecast/"))
    assert "本期还没有锁定" in told


def test_what_an_older_program_did_not_make_is_made_on_request(city: Office) -> None:
    basis_of().delete()
    told = text_of(page(city))
    assert "补算本期预测" in told
    assert "补算本期预测" not in text_of(page(city, "viewer"))
    address = f"/months/{round_of().pk}/forecast/make/"
    assert browser(city, "office").get(address).status_code == 405
    data = {TOKEN_FIELD: new_token()}
    assert browser(city, "viewer").post(address, data).status_code == 403
    assert browser(city, "office").post(address, data).status_code == 302
    assert basis_of().pool == SIZE


def test_queries_do_not_grow_with_the_projects(city: Office) -> None:
    client = browser(city, "office")
    address = f"/months/{round_of().pk}/forecast/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    basis = basis_of()
    half = [one.pk for one in basis.forecasts.order_by("pk")[: SIZE // 2]]
    Forecast.objects.filter(pk__in=half).delete()
    with CaptureQueriesContext(connection) as fewer:
        client.get(address)
    assert len(few) == len(fewer) <= 12


def test_the_project_page_tells_it_in_a_sentence(city: Office) -> None:
    project = forecast_of(9).project_id
    told = text_of(browser(city, "office").get(f"/projects/{project}/"))
    assert re.search(r"年底完成率约\d+%（一半把握），八成把握不低于\d+%", told)
    assert re.search(r"同类\d+个：往年同月完成\d+%—\d+%，年底完成\d+%—\d+%", told)
    assert "误差中位数" in told


def test_the_round_page_leads_there(city: Office) -> None:
    told = text_of(browser(city, "office").get(f"/months/{round_of().pk}/"))
    assert f"/months/{round_of().pk}/forecast/" in told
