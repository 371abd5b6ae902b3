"""The rows of the page: a project with its forecast, and who says what of its year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from guatu.assessment.details import subject_of
from guatu.assessment.forecast import claims
from guatu.assessment.forecast.claims import Claim, Disagreement, Voice
from guatu.assessment.forecast.types import SCALE, Estimate, Reason
from guatu.assessment.forecast_page.words import is_few
from guatu.assessment.models import Forecast, ForecastBasis, ForecastTest, Result
from guatu.assessment.sifting import LONGEST, WORST_FIRST
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity


@dataclass(frozen=True, slots=True)
class Row:
    """One project: its figures as frozen, its forecast with the test of its group, the three voices
    and how far apart."""

    subject: Subject
    verdict: str
    label: str
    done_yuan: int | None
    plan_yuan: int
    forecast: Forecast
    tested: ForecastTest | None
    unit: Claim
    rules: Claim
    computed: Claim
    disagreement: Disagreement

    def share(self, yuan: int | None) -> int | None:
        """A share of the plan in millionths, to sort by."""
        return None if yuan is None or self.plan_yuan <= 0 else yuan * SCALE // self.plan_yuan


def rows_of(
    basis: ForecastBasis, seen: frozenset[int] | None, tests: Mapping[str, ForecastTest]
) -> list[Row]:
    """Every project of the run that the viewer sees, in the order of the list; two queries.
    `tests` of the month are by group."""
    told = {one.project_id: one for one in basis.forecasts.all()}
    results = Result.objects.filter(run_id=basis.run_id, project__isnull=False).order_by("pk")
    return [
        _row(result, told[result.project_id], tests)
        for result in results.iterator(chunk_size=2_000)
        if result.project_id in told and (seen is None or result.project_id in seen)
    ]


def _row(result: Result, forecast: Forecast, tests: Mapping[str, ForecastTest]) -> Row:
    subject, plan = subject_of(result), result.denominator or 0
    unit, rules = claims.unit_says(subject), claims.rules_say(result.verdict, result.label)
    computed = claims.forecast_says(estimate_of(forecast), plan)
    told = claims.disagreement(unit, rules, computed, p50=forecast.p50_yuan, plan_yuan=plan)
    return Row(
        subject,
        result.verdict,
        result.label,
        result.numerator,
        plan,
        forecast,
        tests.get(forecast.group) if forecast.group else None,
        unit,
        rules,
        computed,
        told,
    )


def estimate_of(one: Forecast) -> Estimate | None:
    """The kept numbers as the rules made them; None where there are none."""
    if one.p80_yuan is None or one.p50_yuan is None or one.p20_yuan is None:
        return None
    return Estimate(
        one.p80_yuan,
        one.p50_yuan,
        one.p20_yuan,
        one.like,
        0,
        is_capped=one.is_capped,
        is_finished=one.is_finished,
    )


_SAID: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "opposed": ("说法相反", lambda r: r.disagreement.spread > 1),
    "apart": ("说法差一级", lambda r: r.disagreement.spread == 1),
    "rosy": (
        "单位没有报问题，预测多半完不成",
        lambda r: r.unit.voice is Voice.GOOD and r.computed.voice is Voice.DIFFICULT,
    ),
    "good": ("预测多半完成", lambda r: r.computed.voice is Voice.GOOD),
    "open": ("预测说不准", lambda r: r.computed.voice is Voice.OPEN),
    "difficult": ("预测多半完不成", lambda r: r.computed.voice is Voice.DIFFICULT),
    "none": ("没有预测或已竣工", lambda r: r.computed.voice is None),
}
SAID = {key: words for key, (words, _) in _SAID.items()}
OPPOSED, EVERY = "opposed", "all"
"""What the page opens with, and what asks for all rows."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """The filters of an address; empty means all."""

    search: str = ""
    region: str = ""
    unit: str = ""
    sector: str = ""
    light: str = ""
    said: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Sieve:
        """Read them; what is not a known value filters nothing away."""
        light, said = query.get("light", ""), query.get("said", "")
        return cls(
            search=query.get("q", "").strip()[:LONGEST],
            region=query.get("region", "")[:LONGEST],
            unit=query.get("unit", "")[:LONGEST],
            sector=query.get("sector", "")[:LONGEST],
            light=light if light in Severity else "",
            said=said if said in SAID or said == EVERY else "",
        )

    def known(self, rows: Iterable[Row]) -> Sieve:
        """Without the regions, units and sectors that no visible row has."""
        chosen = choices(rows)
        return replace(
            self,
            **{
                name: value if (value := getattr(self, name)) in found else ""
                for name, found in chosen.items()
            },
        )

    def words(self, labels: Mapping[str, str]) -> str:
        """What is shown, in words."""
        parts = [
            self.region,
            self.unit,
            self.sector,
            labels.get(self.light, ""),
            SAID.get(self.said, ""),
            f"名称含“{self.search}”" if self.search else "",
        ]
        return " · ".join(part for part in parts if part)

    def or_opposed(self, rows: Iterable[Row]) -> Sieve:
        """What the page opens with: those where one says yes and another no, if there are any. Who
        filters sees everything that passes."""
        is_opposed = _SAID[OPPOSED][1]
        if self != Sieve() or not any(is_opposed(row) for row in rows):
            return self
        return replace(self, said=OPPOSED)

    def lets(self, row: Row) -> bool:
        """Whether a row passes."""
        subject = row.subject
        return (
            self.search in f"{subject.name} {subject.code or ''}"
            and self.region in ("", subject.region)
            and self.unit in ("", subject.unit)
            and self.sector in ("", subject.sector)
            and self.light in ("", row.verdict)
            and (self.said in ("", EVERY) or _SAID[self.said][1](row))
        )


def choices(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The regions, units and sectors there are, in the order of the list."""
    found: dict[str, dict[str, None]] = {"region": {}, "unit": {}, "sector": {}}
    for row in rows:
        for name, names in found.items():
            if value := getattr(row.subject, name):
                names[value] = None
    return {name: list(names) for name, names in found.items()}


def _strangeness(row: Row) -> tuple[bool, int]:
    """How far P50 is from the plan; whom no past project is like stands before all others, who
    has done least first."""
    if row.forecast.reason == Reason.NONE_NEAR:
        return True, -(row.share(row.done_yuan) or 0)
    return False, row.disagreement.points


_ORDER: dict[str, Callable[[Row], Any]] = {
    "name": lambda r: r.subject.name,
    "plan": lambda r: r.plan_yuan,
    "done": lambda r: r.done_yuan,
    "rate": lambda r: r.share(r.done_yuan),
    "p50": lambda r: r.share(r.forecast.p50_yuan),
    "p80": lambda r: r.share(r.forecast.p80_yuan),
    "error": lambda r: (
        r.tested.error
        if r.tested is not None and r.forecast.like and not is_few(r.tested)
        else None
    ),
    "light": lambda r: WORST_FIRST.index(Severity(r.verdict)) if r.verdict in Severity else None,
    "apart": lambda r: (r.disagreement.spread, *_strangeness(r)) if r.disagreement.spread else None,
}


def ordered(rows: list[Row], sort: str, *, is_descending: bool) -> list[Row]:
    """In the order asked for, empty values last; the list's order where none is."""
    key = _ORDER.get(sort)
    if key is None:
        return rows[::-1] if is_descending else rows
    keyed = [(key(row), row) for row in rows]
    filled = [pair for pair in keyed if pair[0] is not None]
    filled.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [row for _, row in filled] + [row for value, row in keyed if value is None]
