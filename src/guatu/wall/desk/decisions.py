"""What a leader's page asks him to decide: his red projects that stand still, at most three."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from guatu.assessment.measures import Measured
from guatu.assessment.models import Result
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity
from guatu.reporting.models import Report
from guatu.wall.standing.problems import last_problems
from guatu.wall.standing.runs import Found, Standing

MOST = 3
_LONGEST = 80

type Past = list[tuple[str, int | None]]
"""Verdict and cumulative yuan of one project, round by round, the newest last."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One project: for how many rounds it has been red, and has done nothing more."""

    subject: Subject
    label: str
    rounds_red: int
    rounds_still: int
    before: Report | None = None
    """The newest report that names a problem, where the locked round's own names none."""

    @property
    def words(self) -> str:
        """How long, in words."""
        red = f"连续{self.rounds_red}期{self.label}灯" if self.rounds_red > 1 else f"{self.label}灯"
        if not self.rounds_still:
            return red
        return f"{red}，连续{self.rounds_still}期完成投资没有增加"

    @property
    def problem(self) -> str:
        """`存在问题：…`; of an older report with its month; or that there never was one."""
        if self.subject.problem:
            return f"存在问题：{_short(self.subject.problem)}"
        if self.before is None:
            return "没有报过存在问题"
        told = _short(self.before.problem_text)
        return f"本期没有报存在问题，{self.before.period.label}报：{told}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def decisions(found: Found, row: Sequence[Standing]) -> list[Decision]:
    """The viewer's red projects, those first that have stood still and been red the longest.

    Two queries at most; none where nothing of his is red, or where he sees all.
    """
    red = [one for one in found.measured or [] if one.verdict.overall is Severity.SERIOUS]
    past = _past(red, row) if red else {}
    every = [
        Decision(
            one.subject,
            one.verdict.label,
            rounds_red(past[one.subject.id]),
            rounds_still(past[one.subject.id]),
        )
        for one in red
    ]
    every.sort(key=lambda one: (-one.rounds_still, -one.rounds_red))
    chosen = every[:MOST]
    silent = [one.subject.id for one in chosen if not one.subject.problem]
    before = last_problems(silent) if silent else {}
    return [replace(one, before=before.get(one.subject.id)) for one in chosen]


def _past(red: Sequence[Measured], row: Sequence[Standing]) -> dict[int, Past]:
    order = {standing.run.pk: place for place, standing in enumerate(row)}
    lines = Result.objects.filter(
        run__in=order, project_id__in=[one.subject.id for one in red]
    ).values_list("project_id", "run_id", "verdict", "numerator")
    found: dict[int, Past] = defaultdict(list)
    for project_id, _, verdict, yuan in sorted(lines, key=lambda line: order[line[1]]):
        found[project_id or 0].append((verdict, yuan))
    return found


def rounds_red(past: Past) -> int:
    """For how many rounds up to now without a break."""
    count = 0
    for verdict, _ in reversed(past):
        if verdict != Severity.SERIOUS:
            break
        count += 1
    return count


def rounds_still(past: Past) -> int:
    """For how many rounds up to now the cumulative figure is that of the round before."""
    count = 0
    for (_, before), (_, now) in zip(reversed(past[:-1]), reversed(past), strict=False):
        if now is None or now != before:
            break
        count += 1
    return count
