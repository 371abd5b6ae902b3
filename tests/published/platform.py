"""From a list of the table to assessments, by the command line alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from guatu.cli.main import main
from guatu.core.periods import parse_period
from tests.published.projects import projects_of
from tests.published.table import Bulletin, Figure, ListSpec
from tests.published.workbooks import write_ledger, write_reports

Assessment = dict[str, Any]


def guatu(*words: str | Path) -> None:
    """Run one command; anything but success fails the test (its words are on stderr)."""
    code = main([str(word) for word in words])
    assert code == 0, f"exit {code}: guatu {' '.join(map(str, words))}"


def install() -> None:
    """An empty installation with the switch for rankings on."""
    guatu("init", "--yes", "--city", "江源市")
    guatu(
        "switch", "on", "rankings", "--basis", "江源政办〔2026〕1号", "--scope", "各县区",
        "--until", "2026-12-31",
    )  # fmt: skip


@dataclass
class ClosedList:
    """One list of a bulletin, imported, reported and closed; assessed as often as is needed."""

    bulletin: Bulletin
    spec: ListSpec
    folder: Path
    _assessed: dict[tuple[str, ...], Assessment] = field(default_factory=dict)

    @cached_property
    def title(self) -> str:
        """The list's name in the installation."""
        return f"{self.bulletin.id}{self.spec.name}"

    def close(self) -> None:
        """Import the list and its reports, and lock the round."""
        period = parse_period(self.spec.period)
        projects = projects_of(self.bulletin, self.spec)
        ledger = write_ledger(self.folder / f"{self.title}.xlsx", projects, self.title, period.year)
        reports = write_reports(self.folder, projects, self.title, period.as_of)
        named = ("--list", self.title)
        guatu("import", "ledger", ledger, "--year", str(period.year), "--create-missing", *named)
        guatu("import", "reports", *reports, "--period", period.key, *named)
        guatu("close", period.key, *named)

    def assess(self, *flags: str) -> Assessment:
        """`guatu assess --json` with these flags."""
        if flags not in self._assessed:
            target = self.folder / f"{self.title}.json"
            guatu(
                "assess", self.spec.period, "--list", self.title, "--by", "region,unit,sector",
                "--json", target, *flags,
            )  # fmt: skip
            self._assessed[flags] = json.loads(target.read_text(encoding="utf-8"))
        return self._assessed[flags]

    def misses(self, figures: Iterable[Figure]) -> list[str]:
        """Each figure of this list that the assessment does not print as it was printed."""
        own = [figure for figure in figures if figure.list == self.spec.name]
        found = []
        for settings, batch in _batches(own):
            flags = [part for key, value in settings.items() for part in (f"--{key}", value)]
            assessment = self.assess(*flags)
            found += [line for figure in batch if (line := _miss(figure, assessment))]
        return found

    def wrong_sums(self) -> list[str]:
        """Each printed sum or count of the list that the assessment does not give exactly."""
        assessment = next(iter(self._assessed.values()), None) or self.assess()
        total = assessment["total"]
        return [
            f"{self.title}: {key} is {total[key]}, printed {value}"
            for key, value in self._printed_sums().items()
            if total[key] != value
        ]

    def _printed_sums(self) -> dict[str, int]:
        spec, value = self.spec, self.bulletin.value
        told = {
            "annual_plan_yuan": spec.whole.plan,
            "completed_yuan": spec.whole.done,
            "last_year_yuan": spec.last_year,
            "projects": spec.whole.projects,
            "projects_unpacked": spec.unpacked,
            "planned_starts": spec.starts.get("planned", ""),
            "due_starts": spec.starts.get("due", ""),
            "started": spec.starts.get("started", ""),
            "early_starts": spec.starts.get("early", ""),
        }
        sums = {key: int(value(text)) for key, text in told.items() if text}
        if "late" in self.bulletin.inputs:
            sums["overdue_starts"] = int(value("late"))
        return sums


def _batches(figures: Iterable[Figure]) -> list[tuple[Mapping[str, str], list[Figure]]]:
    """Figures that one assessment can print together: other settings or digits need another."""
    batches: list[tuple[dict[str, str], dict[str, int], list[Figure]]] = []
    for figure in figures:
        asked = dict.fromkeys(_measures(figure), figure.digits)
        for flags, digits, batch in batches:
            if flags == dict(figure.flags) and {**asked, **digits} == {**digits, **asked}:
                digits.update(asked)
                batch.append(figure)
                break
        else:
            batches.append((dict(figure.flags), asked, [figure]))
    return [
        ({**flags, "digits": ",".join(f"{name}={n}" for name, n in sorted(digits.items()))}, batch)
        for flags, digits, batch in batches
    ]


def _measures(figure: Figure) -> tuple[str, ...]:
    """What must be printed with the figure's digits: a gap of rounded rates has theirs."""
    if figure.measure == "gap_to_time_progress" and figure.flags.get("gap") == "rounded":
        return ("completion_rate", "time_progress")
    return ("completion_rate" if figure.measure == "rank" else figure.measure,)


def _miss(figure: Figure, assessment: Assessment) -> str:
    """What is wrong with a figure in an assessment; empty when it is as printed."""
    if figure.kind == "ranking":
        return _wrong_ranking(figure, assessment)
    made = _subject(figure, assessment)[figure.measure]
    if made == figure.published:
        return ""
    return f"{figure.name}: printed {figure.published}, made {made}"


def _subject(figure: Figure, assessment: Assessment) -> dict[str, Any]:
    """The total, the group or the project that a figure is about."""
    by, _, key = figure.group.partition("/")
    if not by:
        return dict(assessment["total"])
    if by == "project":
        return next(p for p in assessment["projects"] if p["name"].endswith(key))
    return next(group for group in assessment["groups"][by] if group["key"] == key)


def _wrong_ranking(figure: Figure, assessment: Assessment) -> str:
    """Ranks and rates of the groups against the printed order and values.

    The platform ranks by completion rate; another rate's order is that of the printed rates.
    """
    groups = {group["key"]: group for group in assessment["groups"][figure.group]}
    is_ranked = figure.measure == "rank"
    measure = "completion_rate" if is_ranked else figure.measure
    rates = {name: Fraction(group[measure]) for name, group in groups.items()}
    if is_ranked:
        ranks = {name: group["rank"] for name, group in groups.items()}
    else:
        ranks = {name: 1 + sum(r > rates[name] for r in rates.values()) for name in rates}
    wanted = dict(zip(figure.names, figure.ranks, strict=True))
    values = dict(zip(figure.names, map(Fraction, figure.values), strict=True))
    if rates != values:
        return f"{figure.name}: rates {rates} are not the printed {values}"
    return "" if ranks == wanted else f"{figure.name}: ranks {ranks} are not {wanted}"
