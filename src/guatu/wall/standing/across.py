"""What is said beside a comparison with the year before where the basis changed (M-C6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from guatu.reporting.basis.queries import AcrossYears
from guatu.ui.tables import Column

_APART = "口径不同"


def said_of[Row](columns: Sequence[Column[Row]], across: AcrossYears) -> list[Column[Row]]:
    """The columns with the year-on-year one labelled, or without numbers where it is refused."""
    return [_said(one, across) if one.key == "growth" else one for one in columns]


def _said[Row](column: Column[Row], across: AcrossYears) -> Column[Row]:
    if across.is_refused:
        return replace(column, shown=lambda _: "不比", value=lambda _: "口径不同，不比")
    return replace(column, label=f"{column.label}（{_APART}）") if across.words else column
