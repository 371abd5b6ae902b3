"""Which answer the context speaks for, and why. Pure; silent where nothing speaks or two do.

A page puts forward only an answer that something speaks for: a guess in front is soon pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from guatu.core.periods import month_end
from guatu.core.yuan import wan_words
from guatu.reporting.intake.answers import date_value
from guatu.reporting.intake.asking import both_months, likely_units, yuan_in
from guatu.reporting.intake.judge import Background, Question
from guatu.reporting.intake.rows import ANSWERS, DATES, ReportRow

NEAR_MONTHS = 3
"""A planned month this near to one of two that are nine apart speaks for it."""
SMALLEST_SHARE = 1_000
"""An amount below this part of the year's plan is in another unit."""
SLIPS = ("元", "千元")
_SAME = re.compile(
    r"同上[个一]?[月期旬周](?!比)|[与和较]上[个一]?[月期旬周](?:数)?(?:一致|相同|持平|一样)"
    r"|本[月期](?:数)?(?:无|没有)(?:变化|变动)|(?:投资|累计|数字?)(?:无变化|不变)"
)
"""What says that the figure is the last one: 同上月, 与上期持平, 本期无变化."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The value of an answer, and what speaks for it in a few words."""

    value: str
    why: str


def with_evidence(
    question: Question, row: ReportRow, known: Background | None, as_of: date
) -> Question:
    """The question, with the answer that the context speaks for."""
    if question.code == "no-figure":
        return _unchanged(question, row)
    cell = row.cells.get(question.cell)
    if known is None or cell is None:
        return question
    found: Evidence | None = None
    if question.code == "month-ambiguous" and cell.field in DATES:
        found = _month(cell.raw, DATES[cell.field], known, as_of)
    elif question.code in ("unit-missing", "above-total-investment") and cell.field in ANSWERS:
        is_missing = question.code == "unit-missing"
        units = likely_units(cell.raw) if is_missing else SLIPS
        found = _unit(cell.raw, units, known)
        if found is not None and not is_missing:
            found = replace(found, value=str(yuan_in(cell.raw, found.value)))
    if found is None:
        return question
    return replace(question, likely=found.value, why=found.why)


def _unchanged(question: Question, row: ReportRow) -> Question:
    """The last figure where the row itself says that it goes on."""
    told = next((text for _, text in row.words if _SAME.search(text)), "")
    if not told or not question.choices:
        return question
    return replace(question, likely=question.choices[0][0], why=f"表中写“{told[:40]}”")


def _only(found: Iterable[Evidence]) -> Evidence | None:
    """What all evidence speaks for; nothing where it contradicts itself."""
    every = list(found)
    if len({one.value for one in every}) != 1:
        return None
    return Evidence(every[0].value, "，".join(dict.fromkeys(one.why for one in every)))


def _month(raw: str, milestone: str, known: Background, as_of: date) -> Evidence | None:
    """January or October of the year that 2026.1 speaks of."""
    both = both_months(raw)
    if both is None:
        return None
    january, october = (date_value(on, "month") for on in both)
    year = both[0].year
    word = "开工" if milestone == "start" else "竣工"
    if both[0].replace(day=1) > as_of:
        return None
    if both[1].replace(day=1) > as_of:
        return Evidence(january, f"{year}年10月还没有到")
    found = []
    planned = known.planned_start_on if milestone == "start" else known.planned_completion_on
    if planned is not None:
        apart = [abs((planned.year - on.year) * 12 + planned.month - on.month) for on in both]
        nearer = min(apart)
        if nearer <= NEAR_MONTHS:
            value = january if apart[0] == nearer else october
            found.append(Evidence(value, f"计划{planned.year}年{planned.month}月{word}"))
    held = known.started_on if milestone == "start" else known.completed_on
    between = [one for one in known.reported_on if month_end(year, 1) <= one < date(year, 10, 1)]
    if held is None and between:
        first, last = between[0].month, between[-1].month
        months = f"{first}月" if first == last else f"{first}—{last}月各期"
        found.append(Evidence(october, f"{months}没有报过{word}"))
    if milestone == "completion" and known.started_on and known.started_on > both[0]:
        found.append(
            Evidence(october, f"{known.started_on.year}年{known.started_on.month}月才开工")
        )
    return _only(found)


def _unit(raw: str, units: Iterable[str], known: Background) -> Evidence | None:
    """The one unit in which an amount agrees with the plan, the total and the last figure."""
    if known.plan_yuan is None and known.total_yuan is None:
        return None
    fitting = [unit for unit in units if _fits(yuan_in(raw, unit), known)]
    if len(fitting) != 1:
        return None
    yardstick = (
        f"上期{wan_words(known.before_yuan)}"
        if known.before_yuan
        else f"年度计划{wan_words(known.plan_yuan)}"
        if known.plan_yuan
        else f"总投资{wan_words(known.total_yuan or 0)}"
    )
    return Evidence(fitting[0], f"与{yardstick}相称")


def _fits(yuan: int | None, known: Background) -> bool:
    if yuan is None or yuan <= 0:
        return False
    most = known.total_yuan or 3 * (known.plan_yuan or 0)
    least = known.before_yuan or (known.plan_yuan or known.total_yuan or 0) // SMALLEST_SHARE
    return least <= yuan <= most
