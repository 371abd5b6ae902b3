"""The context of the preview: what is wrong by cell, what is new, what changes, what is alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guatu.core.errors import Fault
from guatu.core.yuan import wan_words
from guatu.ledger.making import queries, rules
from guatu.ledger.making.services.taking import Looked
from guatu.ledger.making.types import ApplicationState
from guatu.ledger.making.workbook.judging import Sent
from guatu.ui.tables import Column, Grid


@dataclass(frozen=True, slots=True)
class LookedRow:
    """A line as the preview shows it."""

    sent: Sent
    unit: str
    what: str
    alike: str

    @property
    def missing(self) -> str:
        """What the application lacks; it may be sent so."""
        return "、".join(rules.missing(self.sent.words))


def looked_page(looked: Looked, *, is_office: bool) -> dict[str, Any]:
    """The preview. Look-alikes are the office's to settle: units do not see others' projects."""
    units = looked.units
    alike = _alike(looked) if is_office else {}
    lines = [
        *((one, "新申报") for one in looked.new),
        *((one, "更新后申报") for one, _ in looked.changed),
        *((one, "已收到，没有不同") for one in looked.same),
    ]
    rows = [
        LookedRow(one, units.get(one.organisation_id, ""), what, alike.get(one.row.line, ""))
        for one, what in sorted(lines, key=lambda pair: pair[0].row.line)
    ]
    return {
        "call": looked.call,
        "looked": looked,
        "is_office": is_office,
        "faults": Grid(_FAULTS, looked.faults) if looked.faults else None,
        "rows": Grid(_columns(is_office=is_office), rows) if rows else None,
        "can_take": not looked.faults and bool(looked.new or looked.changed),
        "has_alike": any(alike.values()),
    }


def _alike(looked: Looked) -> dict[int, str]:
    """By line, what an application may be a second row of."""
    units, held = looked.units, {one.pk for _, one in looked.changed}
    shown = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
    there = [one for one in looked.there if one.state in shown and one.pk not in held]
    sent = [*looked.new, *(one for one, _ in looked.changed)]
    applied = queries.applied_of(there, units) + [
        rules.Applied(
            -one.row.line,
            one.words.name,
            one.words.national_code,
            one.words.site,
            one.words.owner,
            units.get(one.organisation_id, ""),
            one.words.project_id,
        )
        for one in sent
    ]
    found = queries.likenesses_among(applied, units)
    return {
        one.row.line: "；".join(like.text for like in found.get(-one.row.line, [])) for one in sent
    }


_FAULTS: list[Column[Fault]] = [
    Column("sheet", "工作表", lambda f: f.sheet, "tight"),
    Column("cell", "单元格", lambda f: f.cell, "tight"),
    Column("what", "为什么", lambda f: f.what, "wide"),
    Column("remedy", "处理", lambda f: f.remedy, "wide"),
]


def _columns(*, is_office: bool) -> Sequence[Column[LookedRow]]:
    columns: list[Column[LookedRow]] = [
        Column("line", "行", lambda r: r.sent.row.line + 1, "num"),
        Column("name", "项目名称", lambda r: r.sent.words.name, "wide"),
        Column("unit", "申报单位", lambda r: r.unit),
        Column("total", "总投资", lambda r: wan_words(r.sent.words.total_yuan or 0), "num"),
        Column("plan", "年度计划", lambda r: wan_words(r.sent.words.plan_yuan or 0), "num"),
        Column("missing", "还缺", lambda r: r.missing),
        Column("what", "收下后", lambda r: r.what, "tight"),
    ]
    if is_office:
        columns.append(Column("alike", "可能重复或更名", lambda r: r.alike))
    return columns
