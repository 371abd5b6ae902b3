"""The contexts of the pages of bases (口径)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.reporting.basis.forms import BasisForm
from guatu.reporting.basis.queries import Known, bases
from guatu.reporting.basis.rules import unit_words, words_of
from guatu.reporting.basis.types import Basis, Coverage
from guatu.reporting.types import Accumulates, FigureSource
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator's basis of one source as it holds today."""

    known: Known
    source: FigureSource
    basis: Basis
    changes: int


def rows() -> list[Row]:
    """Every indicator with the units' basis, and those of other sources that somebody stated."""
    today, found = clock.today(), []
    for known in bases():
        for source in FigureSource:
            count = sum(one.source == source for one in known.changes)
            if source == FigureSource.UNIT or count:
                found.append(Row(known, source, known.on(today, source), count))
    return found


def roster(query: QueryDict) -> Roster[Row]:
    """The list with filters and export."""
    return Roster(
        "口径",
        [
            Column("name", "指标", _link, "wide", True, value=lambda r: r.known.indicator.name),
            Column("source", "来源", lambda r: r.source.label, "tight", True),
            Column("unit", "计量单位", lambda r: unit_words(r.basis.unit), "tight", True),
            Column("sums", "累计", lambda r: Accumulates(r.basis.accumulates).label, "tight"),
            Column("coverage", "口径", lambda r: Coverage(r.basis.coverage).label, "tight", True),
            Column("scope", "统计范围", lambda r: r.basis.scope or "未注明"),
            Column("method", "计算方法", lambda r: r.basis.method or "未注明"),
            Column("changes", "改过（次）", lambda r: r.changes, "num", True),
        ],
        rows(),
        lambda r: f"{r.known.indicator.name}\n{r.basis.scope}\n{r.basis.method}",
        [Choice("source", "来源", FigureSource.choices, lambda r: r.source.value)],
        search_label="指标、范围或方法",
        empty="还没有指标",
        empty_next="开始收报或导入月报后，指标和它们的口径列在这里",
        query=query,
    )


def _link(row: Row) -> SafeString:
    address = reverse("basis", args=[row.known.indicator.pk])
    return format_html('<a href="{}">{}</a>', address, row.known.indicator.name)


def page(known: Known, form: BasisForm) -> dict[str, Any]:
    """One indicator: what holds today of each source, and every change, newest first."""
    today = clock.today()
    held = [FigureSource.UNIT, *(s for s in FigureSource if s != FigureSource.UNIT)]
    return {
        "indicator": known.indicator,
        "unit": unit_words(known.on(today).unit),
        "now": [words_of(known.on(today, one)) for one in held],
        "changes": list(reversed(known.changes)),
        "form": form,
    }


def first_form(known: Known) -> BasisForm:
    """The form as it begins: with the units' basis of today."""
    now = known.on(clock.today())
    return BasisForm(
        initial={
            "source": FigureSource.UNIT,
            "coverage": now.coverage,
            "scope": now.scope,
            "method": now.method,
            "valid_from": clock.today(),
        }
    )
