"""The decreed curves of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.core import clock
from guatu.core.ratio import Ratio, Rounding, percent_text
from guatu.ledger.models import ProjectList
from guatu.planning import queries
from guatu.planning.forms import CurveForm
from guatu.planning.queries import Curve
from guatu.planning.slices import Cut, ends, label_of, share_at
from guatu.ui.charts import Series, line_chart
from guatu.ui.tables import Column, Grid


@dataclass(frozen=True, slots=True)
class Shown:
    """A curve ready for the page: its points as a table."""

    curve: Curve

    @property
    def head(self) -> str:
        """Name and version."""
        kept = self.curve.kept
        version = f"（第{kept.curve_version}版）" if kept.curve_version > 1 else ""
        return f"{kept.name}{version}"

    @property
    def told(self) -> str:
        """The paper behind it, and who wrote it down when."""
        kept = self.curve.kept
        return f"依据：{kept.basis}；{kept.by}于{clock.minute(kept.at)}录入"

    @property
    def grid(self) -> Grid[tuple[date, Ratio]]:
        """The points as they were decreed."""
        return Grid(_POINTS, sorted(self.curve.points.items()), caption=self.head)


_POINTS: list[Column[tuple[date, Ratio]]] = [
    Column("on", "截至", lambda p: p[0], "date"),
    Column("share", "累计（%）", lambda p: share_text(p[1]), "num"),
]


def share_text(share: Ratio) -> str:
    """A share as a percentage of at most four digits, exactly as it was typed."""
    text = percent_text(share.numerator, share.denominator, 4, Rounding.TRUNCATE)
    return text.rstrip("0").rstrip(".")


def curves_page(listing: ProjectList, form: CurveForm, *, may_edit: bool) -> dict[str, Any]:
    """A list's curves in force with a chart of them all, and the form for another."""
    curves = queries.curves_of(listing.pk)
    days = ends(listing.year, Cut.MONTH)
    chart = line_chart(
        f"{listing.year}年规定进度",
        [label_of(day, Cut.MONTH) for day in days],
        [
            Series(one.kept.name, f"chart-{'abc'[at % 3]}",
                   [float(share_at(one.points, day).as_fraction() * 100) for day in days])
            for at, one in enumerate(curves[:3])
        ],
        unit="%",
        digits=0,
    ) if curves else ""  # fmt: skip
    return {
        "listing": listing,
        "curves": [Shown(one) for one in curves],
        "chart": chart,
        "form": form,
        "may_edit": may_edit,
    }
