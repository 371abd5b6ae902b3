"""The office's afternoon: forty files to a locked month, its summary table and its circular.

The bar: at most 30 clicks, and two more per question and per missing unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from conftest import Say
from e2e.conftest import Visit, served, sign_in, visiting

FREE_CLICKS = 30
EACH = 2
_PATIENCE_MS = 120_000
_MOST_QUESTIONS = 60
_GONE_ON = (
    "id => !document.querySelector(`form#${id}`)"
    " && document.activeElement.matches('form.question, #questions-head')"
)
"""The question is answered in place, and the next open one has the focus."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What came on top: questions, entries for others, and the clicks that both took."""

    questions: int = 0
    missing: int = 0
    spent: int = 0

    def __add__(self, other: Extra) -> Extra:
        return Extra(
            self.questions + other.questions,
            self.missing + other.missing,
            self.spent + other.spent,
        )


def test_an_afternoon_from_forty_files_to_the_circular(visit: Visit, say: Say) -> None:
    extra = _afternoon(visit)
    say(
        f"the afternoon: {visit.clicks} clicks (allowed {FREE_CLICKS}), and {extra.spent} for"
        f" {extra.questions} questions and {extra.missing} entries for others"
    )
    assert visit.clicks <= FREE_CLICKS
    assert extra.spent <= EACH * (extra.questions + extra.missing)


@pytest.mark.long
def test_an_afternoon_without_a_mouse(browser: Browser, tmp_path: Path, say: Say) -> None:
    with served(tmp_path / "home") as (site, _), visiting(browser, site, "office") as visit:
        visit.has_mouse = False
        extra = _afternoon(visit)
    say(f"without a mouse: the afternoon is done, {extra.questions} questions answered")


def _afternoon(visit: Visit) -> Extra:
    page, folder = visit.page, visit.site.home / "demo"
    page.set_default_timeout(_PATIENCE_MS)
    page.on("dialog", lambda dialog: dialog.accept())

    visit.click("nav.menu >> text=月报")
    visit.click("table.grid tbody tr:first-child >> text=收表台")
    files = sorted((folder / "2026-10月报").iterdir())
    visit.clicks += 1  # dropping them
    page.set_input_files("input[type=file]", [str(file) for file in files])
    page.wait_for_selector(".drop-told:has-text('正在处理')")
    page.wait_for_url("**done=1**")
    visit.shot("intake")
    assert visit.accessibility() == []
    assert page.locator("#files >> text=已入库").count() > 0

    desk = page.url.split("?")[0]
    extra = _answer_all(visit)
    page.goto(desk)
    extra += _enter_for_one_unit(visit)

    page.goto(desk)
    visit.click("main >> text=锁定本期")
    page.wait_for_selector("#preview")
    visit.shot("round-open")
    assert visit.accessibility() == []
    visit.click("text=申请锁定")
    round_page = page.url
    visit.use(page.locator("text=退出").first)
    sign_in(visit, "office2")
    visit.clicks += 2  # signing out and in
    page.goto(round_page)
    visit.click("text=确认锁定")
    page.wait_for_selector("text=已锁定")
    visit.shot("round-closed")

    visit.click("main >> text=填汇总表")
    page.set_input_files("input[type=file]", str(folder / "上月汇总表.xlsx"))
    visit.click("main form[enctype] button.btn-primary")
    visit.shot("table")
    assert visit.accessibility() == []
    with page.expect_download() as table:
        visit.click("text=填好并下载")
    _is_zip(Path(table.value.path()))

    page.goto(round_page)
    visit.click("main >> text=生成通报")
    visit.shot("circular")
    assert visit.accessibility() == []
    with page.expect_download() as circular:
        visit.click("text=导出Word")
    _is_zip(Path(circular.value.path()))

    return extra


def _answer_all(visit: Visit) -> Extra:
    """Answer every question on the page, each in the shortest way that is honest."""
    questions = spent = 0
    while (form := visit.page.locator("form.question").first).count():
        place = form.get_attribute("id")
        spent += _answer(visit, form)
        questions += 1
        assert questions < _MOST_QUESTIONS, f"asked without end: {place}"
        # Others may come up in its stead: the answered one itself is gone.
        visit.page.wait_for_function(_GONE_ON, arg=place)
    assert questions > 20
    told = visit.page.locator("#desk-numbers").inner_text()
    visit.page.reload()
    assert visit.page.locator("#desk-numbers").inner_text() == told
    return Extra(questions, 0, spent)


def _answer(visit: Visit, form: Locator) -> int:
    """Clicks spent on one question: the answer that stands out, else a reason to leave it out."""
    given = form.locator("[value^='project:'], [value^='choice:']")
    if given.count():
        visit.use(given.first)
        return 1
    accept = form.locator(".question-answer > .inline [value=accept]")
    if accept.count():
        form.locator("[name=reason]").fill("电话核实")
        visit.use(accept)
        return 1
    visit.use(form.locator("summary"))
    form.locator("[name=why_not]").fill("电话核实")
    visit.use(form.locator("[value^=dismiss]"))
    return 2


def _enter_for_one_unit(visit: Visit) -> Extra:
    """A phone call becomes reports of all that the unit owes: two clicks, a figure for each, and
    the next unit follows."""
    page = visit.page
    visit.use(page.locator("#missing >> text=代报").first)
    page.wait_for_url("**/proxy/units/**")
    visit.shot("proxy")
    assert visit.accessibility() == []
    here, rows = page.url, page.locator("main form tbody tr")
    for row in rows.all():
        last = row.locator("td").nth(1).inner_text().split()[0].replace(",", "")
        row.locator("input.amount").first.fill("5000" if last == "—" else last)
        row.locator("input[name$=reason]").fill("电话核实")
    page.fill("#id_said_by", "单位值班室")
    visit.use(page.locator("text=保存代报"))
    page.wait_for_url(lambda url: url != here)
    page.wait_for_selector("text=待单位确认；还有")
    return Extra(0, 1, 2)


def _is_zip(path: Path) -> None:
    assert path.read_bytes()[:2] == b"PK"
