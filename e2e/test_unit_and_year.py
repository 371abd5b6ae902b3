"""A unit's month and the office's year in the browser: how many clicks, how many fields.

The city is their own: other journeys lock the month that units report here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from conftest import Say
from e2e.conftest import Site, Visit, served, visiting

FEWEST_CLICKS, MOST_FIELDS = 3, 12
NAME = "民生实事项目"
NUMBER = "江重办〔2026〕90号"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A city where the month is still open."""
    with served(tmp_path_factory.mktemp("year") / "home") as (site, _):
        yield site


@pytest.mark.role("reporter")
def test_nothing_changed_takes_three_clicks(visit: Visit, say: Say) -> None:
    visit.click("nav.menu >> text=填报")
    left = _left(visit)
    visit.shot("my-reports")
    name = visit.page.locator("table.grid tbody tr").first.locator("a").first.inner_text()
    visit.click("table.grid tbody tr:first-child button >> text=本期无变化")
    expect(visit.page.locator("[role=status]").first).to_contain_text(f"“{name}”已报送")
    assert _left(visit) == left - 1
    assert visit.clicks <= FEWEST_CLICKS
    assert visit.accessibility() == []
    say(f"本期无变化: {visit.clicks} clicks after signing in (allowed {FEWEST_CLICKS})")


def test_a_full_report_touches_twelve_fields_and_is_accepted(
    site: Site, browser: Browser, say: Say
) -> None:
    with visiting(browser, site, "reporter") as unit:
        unit.click("nav.menu >> text=填报")
        row = unit.page.locator("table.grid tbody tr", has_text="待报").nth(2)
        name = row.locator("a").first.inner_text()
        unit.use(row.locator("a").first)
        unit.page.wait_for_selector("form.report")
        unit.shot("report-form")
        assert unit.accessibility() == []
        touched = _fill_everything(unit)
        expect(unit.page.locator(".kept")).to_contain_text("已暂存")
        unit.page.reload()
        assert "主体" in unit.page.input_value("#id_progress"), "what was kept is there again"
        unit.use(unit.page.locator("button >> text=报送").last)
        if "/my-reports/?sent=" not in unit.page.url:
            unit.page.fill("#id_explanation", "与监理月报核对一致")
            unit.shot("report-form-asked")
            unit.use(unit.page.locator("button >> text=报送").last)
        expect(unit.page.locator("[role=status]").first).to_contain_text(f"“{name}”已报送")
    assert touched <= MOST_FIELDS
    say(f"a full report: {touched} fields (allowed {MOST_FIELDS})")
    with visiting(browser, site, "office") as office:
        office.click("nav.menu >> text=审核")
        office.shot("reviews")
        assert office.accessibility() == []
        row = office.page.locator("table.grid tbody tr", has_text=name)
        row.locator("input[type=checkbox]").check()
        office.click("button >> text=勾选的审核通过")
        expect(office.page.locator("[role=status], .note").first).to_be_visible()
        assert office.page.locator("table.grid tbody tr", has_text=name).count() == 0


def test_a_years_list_is_called_for_decided_issued_and_adjusted(
    site: Site, browser: Browser, tmp_path: Path, say: Say
) -> None:
    with visiting(browser, site, "office") as office, visiting(browser, site, "reporter") as unit:
        for visit in (office, unit):
            visit.page.on("dialog", lambda dialog: dialog.accept())
        _call(office)
        for one in WANTED:
            _apply(unit, one)
        _decide(office)
        _issue(office)
        annex = _annex(office, tmp_path)
    with (
        served(site.home, today="2027-01-04") as (later, _),
        visiting(browser, later, "office") as adjusting,
    ):
        adjusting.page.on("dialog", lambda dialog: dialog.accept())
        _adjust(adjusting)
    clicks = office.clicks + adjusting.clicks
    say(f"a year's list from call to adjustment: {clicks} clicks; annex {annex:,} bytes")


@dataclass(frozen=True)
class Wanted:
    """What a unit applies for; money in 万元."""

    name: str
    total: str
    plan: str
    decision: str


WANTED = (
    Wanted("社区食堂一期（虚构）", "3000", "1200", "列入"),
    Wanted("老旧小区电梯（虚构）", "5000", "2000", "列入"),
    Wanted("口袋公园二期（虚构）", "900", "400", "储备"),
)


def _call(office: Visit) -> None:
    office.click("nav.menu >> text=项目库")
    office.click("a >> text=清单")
    office.click("a >> text=编制清单")
    office.click("a >> text=发申报通知")
    page = office.page
    page.fill("#id_year", "2027")
    page.fill("#id_name", NAME)
    page.fill("#id_opens_on", "2026-10-20")
    page.fill("#id_closes_on", "2026-12-10")
    office.click("button >> text=发出")
    expect(page.locator("h1")).to_contain_text(NAME)


def _apply(unit: Visit, one: Wanted) -> None:
    unit.open("/applications/")
    row = unit.page.locator("li", has_text=NAME)
    unit.use(row.locator("a", has_text="申报项目"))
    page = unit.page
    page.fill("#id_name", one.name)
    page.select_option("#id_region", index=1)
    page.select_option("#id_nature", label="新建")
    page.fill("#id_total_yuan", one.total)
    page.fill("#id_plan_yuan", one.plan)
    page.fill("#id_starts_by", "2027-03")
    page.fill("#id_completes_by", "2027-12")
    for condition in ("land", "money", "approvals"):
        page.select_option(f"#id_{condition}", label="已落实")
    unit.shot("application")
    unit.click("button >> text=申报")
    expect(page.locator("body")).to_contain_text(one.name)


def _decide(office: Visit) -> None:
    page = office.page
    for decision in ("列入", "储备"):
        page.reload()
        for one in WANTED:
            if one.decision == decision:
                page.locator("tr", has_text=one.name).locator("input[type=checkbox]").check()
        page.select_option("#id_decision", label=decision)
        page.fill("#id_reason", "" if decision == "列入" else "资金未落实")
        office.click("button >> text=审定")
        expect(page.locator("tr", has_text=decision).first).to_be_visible()
    office.shot("list-desk")
    assert office.accessibility() == []
    office.click("a >> text=版本")
    page.select_option("#id_kind", label="送审稿")
    office.click("button >> text=生成版本")
    expect(page.locator("table.grid").first).to_contain_text("送审稿")
    office.shot("list-versions")


def _issue(office: Visit) -> None:
    page = office.page
    office.click(".crumbs a >> nth=1")
    office.click(".acts a >> text=印发")
    page.fill("#id_outside_number", NUMBER)
    page.fill("#id_on", "2026-10-31")
    page.check("#id_is_checked")
    office.shot("list-issue")
    office.click("button >> text=印发")
    expect(page.locator("body")).to_contain_text("已印发")


def _annex(office: Visit, folder: Path) -> int:
    """The annex of the issued list as a document; how big it is."""
    office.open("/calls/")
    office.click(f"a >> text={NAME}")
    office.click(".acts a >> text=版本")
    row = office.page.locator("tr", has_text="印发稿").first
    with office.page.expect_download() as told:
        office.use(row.locator("a", has_text="附件（docx）"))
    path = folder / "annex.docx"
    told.value.save_as(path)
    return path.stat().st_size


def _adjust(office: Visit) -> None:
    page = office.page
    office.open("/calls/")
    office.click(f"a >> text={NAME}")
    office.click(".acts a >> text=调整")
    office.click("a >> text=办调整")
    page.fill("#id_outside_number", "江重办〔2027〕20号")
    page.fill("#id_on", "2027-01-04")
    page.fill("#id_reason", "资金已落实")
    page.check(f"[aria-label='增列{WANTED[2].name}']")
    page.check("#id_is_checked")
    office.shot("list-adjust")
    office.click("button >> text=记下调整")
    expect(page.locator("[role=status]").first).to_contain_text("第1次调整已记下")
    expect(page.locator("section.panel").first).to_contain_text(WANTED[2].name)
    office.shot("list-adjustments")


def _left(visit: Visit) -> int:
    found = re.search(r"还要报(\d+)个", visit.page.inner_text(".head"))
    return int(found[1]) if found else 0


def _fill_everything(visit: Visit) -> int:
    """Every field that the form shows gets something; how many they are."""
    fields = visit.page.locator("form.report .field").locator("input, select, textarea")
    typed, before = 0, visit.page.input_value("#id_year")
    for at in range(fields.count()):
        field = fields.nth(at)
        if field.is_visible():
            typed += 1
            _fill(visit, field)
    assert visit.page.input_value("#id_month") == "120"
    assert visit.page.input_value("#id_year") != before, "the year's figure goes with the month's"
    return typed


def _fill(visit: Visit, field: Locator) -> None:
    name = field.get_attribute("name") or ""
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(index=1)
    elif name == "month":
        field.fill("120")
    elif name == "life":
        field.fill(visit.page.input_value("#id_year"))
    elif name == "year":
        field.press("Tab")
    elif field.get_attribute("type") == "date":
        if name == "started_on":
            field.fill("2026-03-18")
    elif name == "next_plan":
        field.fill("150")
    else:
        field.fill("主体结构施工到三层" if name == "progress" else "正常")
