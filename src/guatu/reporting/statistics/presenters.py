"""The contexts of the pages that set our figures beside those of the statistics system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core.ratio import percent_text
from guatu.core.yuan import WAN
from guatu.ledger.request import Viewer
from guatu.organisation.types import Right
from guatu.reporting.access import rounds_seen
from guatu.reporting.basis.queries import basis_of
from guatu.reporting.basis.rules import words_beside
from guatu.reporting.models import Round
from guatu.reporting.statistics.queries import Compared, both_words, compared
from guatu.reporting.statistics.rules import LARGE_GAP, Standing
from guatu.reporting.types import INVESTMENT
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money

_LIGHTS = {Standing.UNCOUNTED: "below", Standing.LARGE: "below"}


@dataclass(slots=True)
class Comparison:
    """One month of one list: both figures of each project that the user sees."""

    viewer: Viewer
    rounds: list[Round]
    round: Round | None
    rows: list[Compared]

    @classmethod
    def of(cls, viewer: Viewer, query: QueryDict) -> Comparison:
        """The month that an address asks for, else the newest locked one, else the newest."""
        found = rounds_seen(viewer).order_by("-period__last_on", "-list__year", "list_id", "-pk")
        rounds = list(found[:200])
        chosen = next((one for one in rounds if str(one.pk) == query.get("round")), None)
        locked = next((one for one in rounds if one.revision), None)
        chosen = chosen or locked or (rounds[0] if rounds else None)
        rows = compared(chosen, viewer.seen) if chosen else []
        return cls(viewer, rounds, chosen, rows)

    @property
    def may_enter(self) -> bool:
        """Whether he enters what the statistics system says."""
        return Right.IMPORT_REPORTS in self.viewer.rights

    def roster(self, query: QueryDict) -> Roster[Compared]:
        """The rows for the page and its export."""
        chosen = str(self.round.pk) if self.round else ""
        months = [(str(one.pk), f"{one.period.label} · {one.list}") for one in self.rounds]
        title = f"{self.round}统计对照" if self.round else "统计对照"
        return Roster(
            title,
            columns(with_phone=self.may_enter),
            self.rows,
            lambda r: f"{r.project.name}\n{r.project.national_code or ''}\n{_code(r)}",
            [
                Choice("round", "期别（不选为最近锁定的）", months, lambda _: chosen),
                Choice("standing", "情况", [(s.value, s.label) for s in Standing],
                       lambda r: r.standing.value),
                _words("region", "地区", self.rows, lambda r: r.region),
                _words("unit", "填报单位", self.rows, lambda r: r.unit),
            ],
            search_label="名称、代码",
            empty="还没有可以对照的期",
            empty_next="清单开始收报后，各期的上报数和统计数在这里并列",
            query=query,
        )  # fmt: skip

    def context(self, query: QueryDict) -> dict[str, Any]:
        """The page: sums, both bases and the table."""
        return {
            "found": self,
            "round": self.round,
            "may_enter": self.may_enter,
            "sums": sums(self.rows),
            "bases": self.bases(),
            **self.roster(query).page(),
        }

    def bases(self) -> list[str]:
        """The basis of either figure, and what is to be said of the comparison."""
        if self.round is None:
            return []
        known, day = basis_of(INVESTMENT), self.round.period.last_on
        beside = words_beside(self.rows[0].pair.verdict) if self.rows else ""
        return [*both_words(known, day), *([beside] if beside else [])]

    def notes(self) -> list[str]:
        """What stands over the export."""
        large = f"差距大：差额达到统计数的{LARGE_GAP.numerator}%"
        return [*self.bases(), f"差额＝上报数－统计数；差额率＝差额÷统计数；{large}"]


@dataclass(frozen=True, slots=True)
class Sums:
    """The projects together: counts, and money of those that have both figures."""

    projects: int
    counted: int
    uncounted: int
    large: int
    both: int
    ours: int
    theirs: int

    @property
    def rate(self) -> str:
        """The gap of all as a share of the statistics figures, in percent."""
        return percent_text(self.ours - self.theirs, self.theirs, 1) if self.theirs else ""

    @property
    def gap(self) -> int:
        """Ours less theirs, in yuan."""
        return self.ours - self.theirs


def sums(rows: Sequence[Compared]) -> Sums:
    """What the page says above its table."""
    both = [one.pair for one in rows if one.pair.gap is not None]
    kinds = [one.standing for one in rows]
    return Sums(
        len(rows),
        sum(one.is_counted for one in rows),
        kinds.count(Standing.UNCOUNTED),
        kinds.count(Standing.LARGE),
        len(both),
        sum(one.ours or 0 for one in both),
        sum(one.theirs or 0 for one in both),
    )


def _words(key: str, label: str, rows: Sequence[Compared], of: Any) -> Choice[Compared]:
    return Choice(key, label, [(one, one) for one in sorted({of(r) for r in rows} - {""})], of)


def _code(row: Compared) -> str:
    return row.registration.code if row.registration else ""


def _wan(key: str, label: str, of: Any, kind: str = "num") -> Column[Compared]:
    def exported(row: Compared) -> object:
        yuan = of(row)
        return None if yuan is None else yuan / WAN

    def shown(row: Compared) -> str | None:
        yuan = of(row)
        return None if yuan is None else money(yuan, "万元")

    return Column(key, label, shown, kind, is_sortable=True, value=exported)


def _link(row: Compared) -> SafeString:
    address = reverse("project-statistics", args=[row.project.pk])
    return format_html('<a href="{}">{}</a>', address, row.project.name)


def _standing(row: Compared) -> SafeString | str:
    label = row.standing.label
    kind = _LIGHTS.get(row.standing)
    return format_html('<span class="{}">{}</span>', kind, label) if kind else label


def _since(row: Compared) -> str:
    held = row.registration
    if held is None:
        return "未登记"
    if not held.is_counted:
        return "未纳统"
    return str(held.counted_since) if held.counted_since else "已纳统"


def columns(*, with_phone: bool) -> list[Column[Compared]]:
    """What the table shows; telephones only to whoever calls them."""

    def person(row: Compared) -> str:
        held = row.statistician
        if held is None:
            return ""
        return f"{held.name}（{held.phone}）" if with_phone and held.phone else held.name

    def rate(row: Compared) -> object:
        found = row.pair.rate
        return found.numerator / found.denominator if found else None

    return [
        Column("name", "项目名称", _link, "wide", True, value=lambda r: r.project.name),
        Column("region", "地区", lambda r: r.region, "tight minor", True),
        Column("unit", "填报单位", lambda r: r.unit, "tight", True),
        _wan("ours", "上报数（万元）", lambda r: r.pair.ours),
        _wan("theirs", "统计数（万元）", lambda r: r.pair.theirs),
        _wan("gap", "差额（万元）", lambda r: r.pair.gap),
        Column("rate", "差额率", lambda r: r.pair.rate_text, "num", True, value=rate),
        Column("standing", "情况", _standing, "tight", True, value=lambda r: r.standing.label),
        Column("since", "纳统", _since, "date", True),
        Column("days", "开工（天）", lambda r: r.days_begun, "num", True),
        Column("missing", "缺材料（件）", lambda r: r.missing or None, "num minor", True),
        Column("person", "统计员", person, "tight minor", True),
    ]
