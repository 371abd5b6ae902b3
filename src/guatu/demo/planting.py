"""Putting faults into rows before they are laid out. Each planter takes the first row that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from guatu.demo.faults import COUNTED, OUTCOMES, Outcome
from guatu.demo.layouts import spelling
from guatu.demo.layouts.sheet import Formula, Value
from guatu.demo.layouts.spec import Layout
from guatu.demo.lines import Row, Touch, copy_of, respell
from guatu.demo.types import City

WAN = 10_000
_SEVERITY = (Outcome.IMPORTED, Outcome.QUESTIONED, Outcome.WAITING, Outcome.REFUSED)


@dataclass(slots=True)
class Draft:
    """A table before rendering. `sheet_faults` concern the sheet and not a row."""

    city: City
    layout: Layout
    rows: list[Row]
    sheet_faults: list[Touch] = field(default_factory=list)


class CannotPlantError(Exception):
    """The sender's table has no row that could carry this fault."""


def plant(draft: Draft, order: str) -> None:
    """Carry out one order: a fault code, with its text after a colon where it has one."""
    code, _, text = order.partition(":")
    if code in _STORIES:
        fieldname, note = _STORIES[code]
        _touch(_story(draft, code), code, fieldname, note)
        return
    _PLANTERS[code](draft, text)


def _touch(row: Row, code: str, fieldname: str, note: str) -> None:
    row.touches.append(Touch(code, fieldname, note))
    row.outcome = max(row.outcome, OUTCOMES[code], key=_SEVERITY.index)


def _story(draft: Draft, story: str) -> Row:
    for row in draft.rows:
        if row.project is not None and row.project.story == story:
            return row
    raise CannotPlantError(story)


def _pick(draft: Draft, fits: Callable[[Row], bool] = lambda row: True) -> Row:
    """The first ordinary row with a figure, a plan and no fresh date that `fits`."""
    for row in draft.rows[1:]:
        if row.project is None or row.line.depth or row.touches or row.project.is_package:
            continue
        plain = not row.project.story and row.start is None and row.completion is None
        if plain and row.yuan and row.line.amounts.get("plan") and fits(row):
            return row
    raise CannotPlantError(draft.layout.id)


def _september(draft: Draft, row: Row) -> int:
    report = draft.city.report.get(("2026-09", row.line.key))
    return (report.completed_yuan or 0) if report is not None else 0


def _unreadable(row: Row, value: Value) -> None:
    row.line.values["cumulative"] = value
    row.line.values["rate"] = None
    row.line.amounts.pop("cumulative", None)
    row.yuan = None


def _code_ruined(draft: Draft, _: str) -> None:
    row = _pick(draft, lambda row: bool(row.project and row.project.code))
    digits = str(row.line.values["code"]).replace("-", "")
    row.line.values["code"] = int(digits[:15] + "0" * (len(digits) - 15))
    _touch(row, "code-ruined", "code", "项目代码被当作数字，后几位变成0")


def _unreadable_money(draft: Draft, text: str) -> None:
    row = _pick(draft)
    _unreadable(row, text)
    _touch(row, "unreadable-money", "cumulative", f"金额栏写的是“{text}”")


def _unknown_project(draft: Draft, text: str) -> None:
    like = _pick(draft)
    row = copy_of(like)
    row.line.values |= {"name": text, "code": None, "start": None, "finish": None}
    row.line.values["last_year"] = None
    respell(row, draft.layout, row.line.amounts["cumulative"] * 7 // 10 // WAN * WAN)
    row.project = None
    row.line.key = ""
    _touch(row, "unknown-project", "name", "清单中没有这个项目")
    draft.rows.insert(draft.rows.index(like) + 1, row)


def _duplicate_row(draft: Draft, _: str) -> None:
    row = _pick(draft)
    again = copy_of(row)
    yuan = row.line.amounts["cumulative"]
    respell(again, draft.layout, yuan + max(WAN, yuan // 20 // WAN * WAN))
    again.yuan = again.line.amounts["cumulative"]
    for each in (row, again):
        _touch(each, "duplicate-row", "cumulative", "同一项目出现两行，数字不一致")
    draft.rows.append(again)


def _below_last_month(draft: Draft, _: str) -> None:
    row = _pick(draft, lambda row: _september(draft, row) > 100 * WAN)
    row.yuan = _september(draft, row) * 93 // 100 // WAN * WAN
    respell(row, draft.layout, row.yuan)
    _touch(row, "below-last-month", "cumulative", "本年累计比9月已定版的数小，没有说明")


def _earlier_figures(draft: Draft, _: str) -> None:
    for _n in range(2):
        row = _pick(draft, lambda row: 0 < _september(draft, row) < (row.yuan or 0))
        row.yuan = (_september(draft, row) + (row.yuan or 0)) // 2 // WAN * WAN
        respell(row, draft.layout, row.yuan)
        _touch(row, "superseded-figure", "cumulative", "同一单位后来重报，以重报数为准")


def _fraction_of_yuan(draft: Draft, _: str) -> None:
    row = _pick(draft)
    yuan = row.line.amounts["cumulative"]
    if draft.layout.unit == "元":
        row.line.values["cumulative"] = f"{yuan + 1234:,}.55"
    else:
        row.line.values["cumulative"] = yuan // WAN + 0.123456
    row.line.amounts.pop("cumulative")
    row.yuan = None
    _touch(row, "fraction-of-yuan", "cumulative", "金额不足一元，单位可能不对")


def _above_total(draft: Draft, _: str) -> None:
    row = _pick(draft)
    yuan = row.line.amounts["cumulative"]
    row.line.values["cumulative"] = spelling.money(yuan, "元", draft.layout.money)
    row.line.values["rate"] = None
    row.line.amounts["cumulative"] = yuan * WAN
    row.yuan = yuan * WAN
    _touch(row, "above-total-investment", "cumulative", "按表头单位超过总投资一万倍，疑似填成元")


def _formula_without_value(draft: Draft, _: str) -> None:
    row = _pick(draft, lambda row: _september(draft, row) > 0)
    before = _september(draft, row)
    month = row.line.amounts["cumulative"] - before
    _unreadable(row, Formula(f"={before // WAN}+{month // WAN}", None))
    _touch(row, "formula-without-value", "cumulative", "公式没有保存计算结果")


def _phone(draft: Draft, _: str) -> None:
    row = _pick(draft)
    _unreadable(row, None)
    row.line.values |= {"progress": "电话报：同上月", "month": None}
    _touch(row, "phone-no-figure", "cumulative", "只写了“电话报：同上月”，没有数字")


def _last_year_differs(draft: Draft, _: str) -> None:
    row = _pick(draft, lambda row: row.line.amounts.get("last_year", 0) > 100 * WAN)
    other = row.line.amounts["last_year"] * 9 // 10 // WAN * WAN
    row.line.amounts["last_year"] = other
    row.line.values["last_year"] = spelling.money(other, draft.layout.unit, draft.layout.money)
    _touch(row, "last-year-differs", "last_year", "上年同期与去年定版数不一致")


def _rate_contradicts(draft: Draft, _: str) -> None:
    row = _pick(draft)
    row.line.values["rate"] = str(row.line.values["rate"]).replace(".", "").replace("%", "") + "%"
    _touch(row, "rate-contradicts", "rate", "完成率与计划、完成额算出的不符")


def _month_ambiguous(draft: Draft, _: str) -> None:
    row = _story(draft, "month-ambiguous")
    row.line.values["start"] = 2026.1
    row.start = None
    _touch(row, "month-ambiguous", "start", "数字2026.1，可能是1月也可能是10月")


def _ambiguous(draft: Draft, _: str) -> None:
    row = _story(draft, "ambiguous")
    row.line.values["name"] = str(row.line.values["name"]).replace("（二期）", "").strip()
    row.line.values["code"] = None
    _touch(row, "ambiguous-project", "name", "没写期别，清单中有一期和二期")


def _renamed(code: str) -> Callable[[Draft, str], None]:
    def planter(draft: Draft, _: str) -> None:
        row = _story(draft, code)
        assert row.project is not None
        row.line.values["name"] = row.project.former_name
        _touch(row, code, "name", f"用了旧名，清单中是“{row.project.name}”")

    return planter


def _whole_table(code: str, note: str) -> Callable[[Draft, str], None]:
    def planter(draft: Draft, _: str) -> None:
        draft.sheet_faults.append(Touch(code, "", note))
        outcome = OUTCOMES[code]
        if outcome not in COUNTED and outcome is not Outcome.NOTICED:
            for row in draft.rows:
                row.outcome = max(row.outcome, outcome, key=_SEVERITY.index)

    return planter


_STORIES = {
    "repeated-start": ("start", "与去年已开工的项目名称相近、业主相同，疑似重复开工"),
    "early-start": ("start", "计划12月开工，10月已开工"),
    "early-next-year": ("start", "计划明年开工，今年10月已开工，不计入今年应开工"),
    "late-completion": ("finish", "计划6月竣工，10月竣工"),
    "negative-month": ("cumulative", "本月为负，备注写明核减原因"),
    "equals-plan": ("cumulative", "累计完成正好等于年度计划"),
}
_PLANTERS: dict[str, Callable[[Draft, str], None]] = {
    "code-ruined": _code_ruined,
    "unreadable-money": _unreadable_money,
    "unknown-project": _unknown_project,
    "duplicate-row": _duplicate_row,
    "below-last-month": _below_last_month,
    "superseded-figure": _earlier_figures,
    "fraction-of-yuan": _fraction_of_yuan,
    "above-total-investment": _above_total,
    "formula-without-value": _formula_without_value,
    "phone-no-figure": _phone,
    "last-year-differs": _last_year_differs,
    "rate-contradicts": _rate_contradicts,
    "month-ambiguous": _month_ambiguous,
    "ambiguous-project": _ambiguous,
    "renamed-project": _renamed("renamed-project"),
    "renamed-with-code": _renamed("renamed-with-code"),
    "missing-unit": _whole_table("missing-unit", "全表没有写金额单位"),
    "wrong-period": _whole_table("wrong-period", "标题是9月，交来作10月"),
    "wrong-total": _whole_table("wrong-total", "合计与各行之和相差1000万元"),
    "last-month-sheet": _whole_table("last-month-sheet", "另有一张9月的工作表"),
}
