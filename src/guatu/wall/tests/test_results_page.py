"""进展: groups in ledger order beside target and average, rows behind every number, no leaks."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from conftest import Today
from guatu.assessment.conventions import Conventions
from guatu.assessment.counted import WHAT
from guatu.assessment.presenters import gap_note
from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry
from guatu.organisation.services import switch_on
from guatu.organisation.types import SwitchName
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone, Precision
from guatu.wall.standing.rates import gaps_note, start_pair
from guatu.wall.tests.city import ROUNDS, TODAY, City, make_city
from tests.factories import OTHER_UNIT, UNIT, Cast


def get(city: City, who: str, path: str) -> str:
    response = city.browser(who).get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def page_of(city: City, key: str = ROUNDS[-1]) -> str:
    return f"/results/{city.rounds[key].pk}/"


def test_the_plain_address_leads_to_the_newest_round(city: City) -> None:
    response = city.browser("office").get("/results/")
    assert (response.status_code, response["Location"]) == (302, page_of(city))


def test_any_locked_round_can_be_chosen(city: City) -> None:
    page = get(city, "office", page_of(city, ROUNDS[0]))
    assert "2026年1—8月进展" in page
    assert all(f"重点项目 · {parse_period(key).label}" in page for key in ROUNDS)


def test_an_open_round_has_no_results(city: City) -> None:
    assert city.browser("office").get(page_of(city, "2026-10")).status_code == 404


@pytest.mark.parametrize("by", ["region", "unit", "sector"])
def test_groups_stand_in_ledger_order_with_their_average(city: City, by: str) -> None:
    page = get(city, "office", f"{page_of(city)}?by={by}")
    names = {
        "region": ("江北区", "临江区"),
        "unit": (UNIT, OTHER_UNIT),
        "sector": ("（未注明）",) * 2,
    }
    first, second = names[by]
    assert page.index(f">{first}") <= page.index(f">{second}")
    assert "同类平均" in page
    assert "不排名" in page


def test_year_on_year_stands_beside_the_sums_it_was_computed_from(
    people: Cast, today: Today
) -> None:
    """Last year of the first three only: 2 of them report 1,060 万元 now, 1,000 then; the third
    said nothing, so it is in neither sum; what the others did is in 本年完成 alone."""
    today(TODAY)
    city = make_city(people, ago={0: 400, 1: 600, 2: 500})
    page = get(city, "office", page_of(city))
    assert "可比2个项目：本年0.11亿元，上年同期0.10亿元" in re.sub("<[^>]+>", "", page)
    assert ">0.11/0.10</a>" in page
    assert "同比＝（可比本年－可比上年）÷可比上年" in page
    assert "上年同期（亿元）" not in page
    sheet = load_workbook(
        io.BytesIO(city.browser("office").get(f"{page_of(city)}export/").content)
    ).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(line for line in lines if "同比" in line)
    north = next(line for line in lines if line[0] == "江北区")
    told = dict(zip(head, north, strict=True))
    this, ago = (float(str(told[f"可比{year}（亿元）"])) for year in ("本年", "上年"))
    assert told["可比项目"] == 2
    assert [this, ago] == pytest.approx([0.106, 0.1])
    assert told["同比"] == pytest.approx((this - ago) / ago)
    assert told["本年完成（亿元）"] == pytest.approx(0.106)
    total = next(line for line in lines if line[0] == "合计")
    assert dict(zip(head, total, strict=True))["同比"] == pytest.approx(0.06)
    south = next(line for line in lines if line[0] == "临江区")
    assert dict(zip(head, south, strict=True))["同比"] in (None, "")
    assert "共2条" in get(
        city, "office", f"{page_of(city)}rows/?by=region&key=江北区&what=compared"
    )


def test_the_chart_of_growth_draws_both_years_over_the_same_projects(
    people: Cast, today: Today
) -> None:
    today(TODAY)
    page = get(city := make_city(people, ago={0: 400, 1: 600, 2: 500}), "office", page_of(city))
    part = page[page.index('aria-label="同比"') :]
    assert "可比项目本年" in page
    assert "可比项目上年同期" in page
    assert '<tr><th scope="row">9月</th><td class="num">0.11</td>' in part
    assert "上年同期（可比项目）" not in page


@pytest.mark.parametrize("who", ["leader", "reporter"])
def test_an_average_over_a_part_of_the_city_is_not_shown(city: City, who: str) -> None:
    page = get(city, who, page_of(city))
    assert "同类平均" not in page
    sheet = load_workbook(
        io.BytesIO(city.browser(who).get(f"{page_of(city)}export/").content)
    ).active
    assert sheet is not None
    assert all(cell.value != "比同类平均" for row in sheet.iter_rows() for cell in row)
    assert "比同类平均" in get(city, "office", page_of(city))


def test_a_date_is_shown_as_exactly_as_it_was_given(city: City) -> None:
    with journal.act(city.people.console, "test.told") as act:
        told = DateFact(
            project=city.projects[0],
            milestone=Milestone.START,
            kind=DateKind.PLANNED,
            on=date(2026, 6, 30),
            precision=Precision.MONTH,
            seq=3,
            by="test",
            at=act.at,
        )
        act.write(told)
    rows = get(city, "office", f"{page_of(city)}rows/")
    assert rows.count(">2026-06</td>") == 1
    assert rows.count(">2026-06-30</td>") == 5
    page = get(city, "office", f"{page_of(city)}why/{city.projects[0].pk}/")
    assert "<td>2026-06</td>" in page


def test_a_leader_sees_neither_other_groups_nor_their_sums(city: City) -> None:
    page = get(city, "leader", page_of(city))
    assert "江北区" in page
    assert "临江区" not in page
    assert "0.30" in page
    assert "0.60" not in page


def test_ranks_show_with_the_switch_its_basis_and_end_only(city: City) -> None:
    assert "位次" not in get(city, "office", page_of(city))
    switch_on(
        city.people.console,
        SwitchName.RANKINGS,
        basis="江办〔2026〕3号",
        scope="全市",
        until=date(2026, 12, 31),
    )
    page = get(city, "office", page_of(city))
    assert "位次" in page
    assert "江办〔2026〕3号" in page
    assert "到2026-12-31止" in page
    assert "位次" not in get(city, "leader", page_of(city))


def test_every_number_opens_as_many_rows(city: City) -> None:
    rows = f"{page_of(city)}rows/"
    assert "共6条" in get(city, "office", rows)
    assert "共3条" in get(city, "office", f"{rows}?by=region&key=江北区")
    assert "共1条" in get(city, "office", f"{rows}?by=region&key=江北区&light=serious")
    assert "共1条" in get(city, "office", f"{rows}?by=region&key=江北区&what=started")
    assert "共2条" in get(city, "office", f"{rows}?by=region&key=江北区&what=overdue")
    assert "共1条" in get(city, "office", f"{rows}?what=no-data")
    assert "没有符合条件的项目" in get(city, "office", f"{rows}?by=region&key=没有区")


def test_the_rows_of_a_leader_are_his_own(city: City) -> None:
    page = get(city, "leader", f"{page_of(city)}rows/?by=region&key=临江区")
    assert "没有符合条件的项目" in page
    assert "他山" not in page


def test_sums_under_the_rows_are_the_numbers_they_explain(city: City) -> None:
    page = get(city, "office", f"{page_of(city)}rows/?by=region&key=江北区")
    assert "合计（计入3个）" in page
    assert ">0.30<" in page


@pytest.mark.parametrize("sort", ["name", "-plan", "done", "-rate", "ago", "light", "nonsense"])
def test_rows_take_every_order(city: City, sort: str) -> None:
    assert "共6条" in get(city, "office", f"{page_of(city)}rows/?sort={sort}")


def test_exports_hold_what_the_pages_show(city: City) -> None:
    for path, height in (("export/?by=region", 2 + 1), ("rows/export/?what=started", 2)):
        response = city.browser("office").get(page_of(city) + path)
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert sheet is not None
        heads = [row[0].row for row in sheet.iter_rows() if row[1].value in ("项目数", "项目名称")]
        assert sheet.max_row - int(heads[0] or 0) == height


def test_the_start_rate_stands_beside_its_two_numbers_and_they_open_their_rows(city: City) -> None:
    page = get(city, "office", page_of(city))
    row = page[page.index(">江北区</a>") : page.index(">临江区</a>")]
    (of, started), (among, planned) = re.findall(
        r'href="([^"]+what=(?:started|planned))">(\d+)</a>', row
    )
    assert (started, planned) == ("1", "3")
    assert "33.3%" in row
    assert "开工率＝已开工÷计划本年开工" in page
    for address, count in ((of, started), (among, planned)):
        assert f"共{count}条" in get(city, "office", address.replace("&amp;", "&"))
    response = city.browser("office").get(f"{page_of(city)}export/")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    head = next(line for line in lines if "开工率" in line)
    told = dict(zip(head, next(line for line in lines if line[0] == "江北区"), strict=True))
    assert (told["已开工"], told["计划本年开工"]) == (1, 3)


@pytest.mark.parametrize(
    ("start_rate", "told", "expected"),
    [
        ("planned", {"started": 5, "planned_starts": 8}, (5, 8, "started", "planned")),
        ("due", {"started": 5, "due_starts": 6}, (5, 6, "started", "due")),
        ("all", {"start_rate_numerator": 7, "start_rate_denominator": 9}, (7, 9, "with-start", "")),
        ("resumed", {"start_rate_numerator": 7}, None),
        ("due", {"started": 0, "due_starts": 0, "start_rate": None}, None),
    ],
)
def test_the_numbers_of_a_start_rate_are_those_of_the_city_s_choice(
    start_rate: str, told: dict[str, object], expected: tuple[object, ...] | None
) -> None:
    every = {"started": 5, "start_rate": "50.0", **told}
    pair = start_pair(every, Conventions(start_rate=start_rate))
    found = pair and (pair.of, pair.among, pair.of_rows, pair.among_rows)
    assert found == expected
    assert not pair or {pair.of_rows, pair.among_rows} <= {*WHAT, ""}


@pytest.mark.parametrize(("gap", "is_told"), [("-12.4", True), ("-12.3", False)])
def test_a_gap_that_is_not_the_printed_difference_says_why(gap: str, is_told: bool) -> None:
    told = {"completion_rate": "71.0", "time_progress": "83.3", "gap_to_time_progress": gap}
    assert bool(gap_note(told)) is is_told
    assert gap_note(told | {"completion_rate": None}) == ""


def test_a_table_of_gaps_says_how_they_were_subtracted(city: City) -> None:
    note = gaps_note(Conventions())
    assert "未四舍五入" in note
    assert note in get(city, "office", page_of(city))
    response = city.browser("office").get(f"{page_of(city)}export/")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert any(cell.value == note for line in sheet.iter_rows() for cell in line)
    assert gaps_note(Conventions(gap="rounded")) == ""


def test_an_outsider_sees_only_his_own_region(city: City) -> None:
    page = get(city, "outsider", page_of(city))
    assert "临江区" in page
    assert "江北区" not in page


def test_why_names_rule_clause_figures_and_book(city: City) -> None:
    address = f"{page_of(city)}why/{city.projects[0].pk}/"
    page = get(city, "office", address)
    for words in ("条款三", "落后时间进度", "1,000万元", "300万元", "《通用进度亮灯办法》第1版"):
        assert words in page, words
    part = city.browser("office").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "落后时间进度" in part


def test_why_of_a_project_that_is_not_his_does_not_exist(city: City) -> None:
    address = f"{page_of(city)}why/{city.others[0].pk}/"
    assert city.browser("leader").get(address).status_code == 404
    assert city.browser("office").get(f"{page_of(city)}why/99999999/").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "?by=unit", "rows/", "rows/?what=overdue&q=产业", "why/{}/"], ids=str
)
@pytest.mark.parametrize("who", ["office", "leader"])
def test_queries_are_few_and_do_not_grow(people: Cast, today: Today, path: str, who: str) -> None:
    today(TODAY)
    counts = []
    for size in (6, 12):
        city = make_city(people, size=size, name=f"清单{size}", first=size * 10)
        browser, address = city.browser(who), page_of(city) + path.format(city.projects[0].pk)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.parametrize(
    "query",
    ["by=<script>&key=<script>", "light=x&what=y&page=-1&sort=", "q=" + "长" * 10_000, "page=9e9"],
)
def test_bad_input_filters_nothing_and_prints_no_script(city: City, query: str) -> None:
    page = get(city, "office", f"{page_of(city)}rows/?{query}")
    assert "<script>" not in page.replace("<script src", "")


def test_strange_rounds_are_not_found(city: City) -> None:
    browser = city.browser("office")
    assert browser.get("/results/?round=99999999999999999999").status_code == 302
    assert browser.get("/results/999999999999999999999999/").status_code == 404
    assert browser.post(page_of(city)).status_code == 405


@pytest.mark.parametrize("leaves", ["list", "ledger"])
@pytest.mark.parametrize("who", ["leader", "office"])
def test_a_locked_round_does_not_change_when_projects_go(city: City, who: str, leaves: str) -> None:
    pages = [page_of(city), f"{page_of(city)}rows/"]
    before = [figures_of(get(city, who, page)) for page in pages]
    with journal.act(city.people.console, "test.gone") as act:
        for project in city.mine:
            if leaves == "ledger":
                project.removed_on = TODAY
                act.write(project)
            else:
                entry = ListEntry.objects.get(project=project, list=city.listing)
                entry.left_on, entry.reason = TODAY, "调出"
                act.write(entry)
    assert [figures_of(get(city, who, page)) for page in pages] == before
    assert before[0]


def figures_of(page: str) -> list[str]:
    """Every number in the cells of a page's tables and in its head figures."""
    cells = re.findall(r"<(?:td|dd)[^>]*>(.*?)</(?:td|dd)>", page, re.S)
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in cells]


def test_the_rate_of_the_rows_behind_a_sum_is_that_of_the_card(city: City) -> None:
    """One of the six is silent: the sum opens all that count, so that their rate is the card's;
    the rows with data alone have another rate, and the page says why."""
    office, the_round = city.browser("office"), city.rounds["2026-09"].pk
    card = office.get(f"/results/{the_round}/").content.decode()
    behind = re.search(r'<dt>本年完成</dt><dd><a href="([^"]+)">([\d.]+)<', card)
    rate = re.search(r"<dt>完成率</dt><dd>([\d.]+%)<", card)
    assert behind
    assert rate
    rows = office.get(behind[1]).content.decode()
    total = rows[rows.index('<tr class="total">') :]
    assert f">{behind[2]}<" in total
    assert f">{rate[1]}<" in total
    assert "这里只列" not in rows
    part = office.get(f"/results/{the_round}/rows/?what=with-data").content.decode()
    assert f">{rate[1]}<" not in part[part.index('<tr class="total">') : part.index("</table>")]
    assert "其中1个无数据，完成按0计" in part
    assert f'?what=in-scope">{rate[1]}</a>' in part
    assert "计入而有数据" not in part
