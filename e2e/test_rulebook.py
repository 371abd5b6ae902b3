"""A city writes its own rule book: drafted, sent in, adopted by a second person, used, amended."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from playwright.sync_api import Browser, Response, expect

from e2e.conftest import Site, Visit, visiting

BOOK = "journey-2026"
JUDGED = "停工经认定"
RED, YELLOW = "n:light/0/cases/3/when#0", "n:light/0/cases/2/when#1"
"""The inputs of one limit: red begins above it, yellow ends at it."""

MEASURE = f"""
[[measure]]
name = "{JUDGED}"
kind = "是否"
meaning = "停工经认定不是单位的责任"
data = "市重点办登记"

[[exempt]]
name = "停工免评"
clause = "五"
when = "{JUDGED}"
waives = ["进度"]
"""
CLAUSE = "\n## 五、停工\n\n停工经认定不是单位责任的，进度免予评价。\n"
_TURN = re.compile(r"(\d+)个灯会变")


def test_an_own_book_is_written_adopted_by_a_second_person_used_and_amended(
    site: Site, browser: Browser
) -> None:
    with visiting(browser, site, "office") as keeper, visiting(browser, site, "office2") as second:
        for visit in (keeper, second):
            visit.page.on("dialog", lambda dialog: dialog.accept())
        _begin(keeper, "default", own_id=BOOK)
        turned = _write_first(keeper)
        _propose(keeper, "第一次写自己的办法")
        _look_and_publish(second)
        _adopt(second, BOOK, f"{turned}个灯会变")

        _record(keeper)

        _begin(keeper, BOOK)
        _write_second(keeper)
        _propose(keeper, "红灯再提前")
        _compare_and_publish(second)
        _see_history(keeper)
        _simulate(second)
        # Other journeys find the city as it was.
        _adopt(second, "default", f"{turned}个灯会变")


def _begin(visit: Visit, book: str, own_id: str = "") -> None:
    """From the list to the book, read it, begin a draft from it."""
    visit.click("nav.menu >> text=办法")
    visit.page.fill("#f-q", book)
    visit.page.press("#f-q", "Enter")
    visit.page.wait_for_url("**q=**")
    visit.click("table.grid tbody a")
    expect(visit.page.locator(".book-rules").first).to_contain_text("年度计划投资超过0元的才评")
    if own_id:
        visit.page.fill("#f-own", own_id)
    visit.click(".book-start button")
    visit.page.wait_for_selector("#drafting")


def _write_first(visit: Visit) -> int:
    """Move a limit beside its sentence, see what it does, mend what no longer holds, add a rule
    that rests on what somebody records. How many lights turn."""
    checked = visit.page.locator("#checked")
    expect(checked).to_contain_text("没有灯会变")
    turned = _move(visit, "20")
    expect(checked).to_contain_text("算例“落后30个百分点整”")
    visit.shot("rulebook-draft")
    assert visit.accessibility() == []
    _reword(visit, "examples", {"落后30个百分点整": "落后20个百分点整", "450万元": "550万元"})
    _reword(visit, "text", {"10至30个": "10至20个", "超过30个": "超过20个"}, more=CLAUSE)
    _reword(visit, "toml", {}, more=MEASURE)
    expect(checked).to_contain_text("没有问题")
    return turned


def _write_second(visit: Visit) -> None:
    """Move the limit once more, from the day after the last round that can have been locked."""
    _move(visit, "15")
    _reword(visit, "examples", {"落后20个百分点整": "落后15个百分点整", "550万元": "600万元"})
    _reword(visit, "text", {"10至20个": "10至15个", "超过20个": "超过15个"})
    _reword(visit, "toml", {"from = 2020-01-01": "from = 2026-11-01"})
    expect(visit.page.locator("#checked")).to_contain_text("没有问题")


def _reword(visit: Visit, field: str, pairs: dict[str, str], more: str = "") -> None:
    """Type other words into one of the texts, and more at its end."""
    text = visit.page.input_value(f"#f-{field}")
    for old, new in pairs.items():
        assert old in text
        text = text.replace(old, new)
    if not visit.page.is_visible(f"#f-{field}"):
        visit.click(".book-source summary")
    visit.page.fill(f"#f-{field}", text + more)


def _move(visit: Visit, limit: str) -> int:
    """Type another limit; how many lights it turns is told while nothing is saved."""
    page = visit.page

    def is_told(response: Response) -> bool:
        sent = parse_qs(response.request.post_data or "")
        return response.url.endswith("/check/") and sent.get(RED) == [limit]

    with page.expect_response(is_told) as told:
        page.fill(f"[name='{YELLOW}']", limit)
        page.fill(f"[name='{RED}']", limit)
    found = _TURN.search(told.value.text())
    assert found
    expect(page.locator("#checked strong", has_text=_TURN)).to_have_text(found[0])
    return int(found[1])


def _propose(visit: Visit, reason: str) -> None:
    """Save, send in; the author is not offered to publish what he sent in himself."""
    page = visit.page
    visit.click("text=保存草稿")
    page.wait_for_selector("text=草稿已保存")
    page.fill("#f-reason", reason)
    visit.click("button:text-is('送审')")
    page.wait_for_selector("text=您自己不能发布")
    assert page.locator("form[action$='/publish/']").count() == 0
    assert visit.accessibility() == []


def _look_and_publish(visit: Visit) -> None:
    """The second person reads the draft and publishes it."""
    visit.click("nav.menu >> text=办法")
    visit.click(f".book-drafts >> text={BOOK}")
    visit.click("text=通读")
    expect(visit.page.locator(".book")).to_contain_text("落后时间进度超过20个百分点，亮红灯")
    visit.click("text=返回草稿")
    _publish(visit, 1)


def _compare_and_publish(visit: Visit) -> None:
    """The second person compares the draft with the version before and publishes it."""
    visit.open(f"/rulebooks/of/{BOOK}/")
    visit.click("text=第2版待发布")
    visit.click("text=与上一版比较")
    pieces = visit.page.locator(".book-pieces", has_text="亮红灯")
    expect(pieces.locator("del")).to_have_text("20")
    expect(pieces.locator("ins")).to_have_text("15")
    expect(visit.page.locator("table.book-revised", has_text="落后超过").first).to_be_visible()
    visit.shot("rulebook-compare")
    assert visit.accessibility() == []
    visit.page.go_back()
    _publish(visit, 2)


def _publish(visit: Visit, number: int) -> None:
    visit.click(f"text=发布第{number}版")
    visit.page.wait_for_selector(f"text=已发布《通用进度亮灯办法》第{number}版")


def _adopt(visit: Visit, book: str, effect: str) -> None:
    """Take a book into use after seeing what that changes on the last locked round."""
    visit.open(f"/rulebooks/of/{book}/")
    visit.click("main >> text=采用")
    visit.page.wait_for_selector(f"text={effect}")
    visit.page.fill("#f-basis", "市政府常务会议")
    visit.click("main form button.btn-primary")
    visit.page.wait_for_selector("text=已采用")
    visit.page.wait_for_selector(".book-in-use")


def _record(visit: Visit) -> None:
    """What the book now in use wants recorded is typed for a project, and seen there."""
    page = visit.page
    visit.click("nav.menu >> text=登记")
    page.wait_for_selector(f"h1:has-text('{JUDGED}')")
    expect(page.locator("main")).to_contain_text("《通用进度亮灯办法》第1版")
    row = page.locator("table.grid tbody tr").first
    name = row.locator("a").first.inner_text()
    row.locator(f"[aria-label='{name}的{JUDGED}']").select_option("是")
    page.fill("#id_basis", "认定文件")
    visit.click("text=保存登记")
    page.wait_for_selector(f"text=“{JUDGED}”登记了1个")
    visit.shot("records")
    assert visit.accessibility() == []
    visit.click(f"table.grid tbody >> text={name}")
    told = page.locator(".recorded", has_text=JUDGED)
    expect(told.locator(".value")).to_have_text("是")
    expect(told.locator("table")).to_contain_text("认定文件")


def _see_history(visit: Visit) -> None:
    """Both versions stand there, each with who sent it in and who published it."""
    visit.open(f"/rulebooks/of/{BOOK}/history/")
    rows = visit.page.locator("table.grid").first.locator("tbody tr")
    expect(rows).to_have_count(2)
    for row, number, reason in zip(
        rows.all(), (2, 1), ("红灯再提前", "第一次写自己的办法"), strict=True
    ):
        words = row.locator("td").all_inner_texts()
        assert words[0] == f"第{number}版"
        assert re.search(r"office\b", words[2])
        assert "office2" in words[3]
        assert words[5] == reason
    visit.shot("rulebook-history")
    assert visit.accessibility() == []


def _simulate(visit: Visit) -> None:
    """Past rounds under both versions: every round is counted, and lights differ."""
    visit.open(f"/rulebooks/simulate/?old={BOOK}:1&new={BOOK}:2")
    page = visit.page
    expect(page.locator("#simulated progress")).to_have_count(0, timeout=60_000)
    changed = page.locator("#simulated > .scroll tbody tr td:last-child").all_inner_texts()
    assert len(changed) > 5
    assert any(int(number) > 0 for number in changed)
    visit.shot("rulebook-simulated")
    assert visit.accessibility() == []
