"""Claimed beside computed: what the unit says, what the rules say, what the forecast says. Pure.

The monthly report has no field for what the unit expects of the year's end. Until it has one, its
line of problems speaks for it: who reports none lets it stand that the plan will be met, who
reports one leaves that open. A judgement of the ledger on the year's completion goes before it.
Source: peers.md 3 (an audit office agreed with 22 of 95 self-ratings).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from guatu.assessment.forecast.types import SCALE, Estimate
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity

HOPEFUL, HARD = "评估有望完成", "评估难以完成"
"""Judgements of the ledger on whether the year's plan will be met."""
_NOTHING = frozenset({"", "无", "暂无", "没有", "无问题", "暂无问题", "无存在问题", "正常"})
_SIGNS = " 　。．.，,；;、/／—－-"


class Voice(IntEnum):
    """What somebody says of the year's plan."""

    DIFFICULT = -1
    OPEN = 0
    GOOD = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """One voice with its words; `voice` is None where nothing is said."""

    voice: Voice | None
    words: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far three voices are apart. `spread` is 0, 1 or 2; `points` is how far P50 lies from
    the plan, in millionths of it, 0 where nobody disagrees or nothing is forecast."""

    spread: int
    points: int
    words: str


def unit_says(subject: Subject) -> Claim:
    """The unit's report of the round, or a judgement of the ledger."""
    if subject.judgements.get(HARD):
        return Claim(Voice.DIFFICULT, HARD)
    if subject.judgements.get(HOPEFUL):
        return Claim(Voice.GOOD, HOPEFUL)
    if not subject.report_state:
        return Claim(None, "没有月报")
    if is_nothing(subject.problem):
        return Claim(Voice.GOOD, "没有报问题")
    return Claim(Voice.OPEN, "报了问题")


def is_nothing(problem: str) -> bool:
    """Whether a line of problems says that there is none."""
    return problem.strip(_SIGNS) in _NOTHING


_LIGHTS = {
    Severity.OK: Voice.GOOD,
    Severity.NOTICE: Voice.OPEN,
    Severity.WARNING: Voice.DIFFICULT,
    Severity.SERIOUS: Voice.DIFFICULT,
}


def rules_say(verdict: str, label: str) -> Claim:
    """The light: what has no light says nothing."""
    voice = _LIGHTS.get(Severity(verdict)) if verdict in Severity else None
    return Claim(voice, label)


def forecast_says(estimate: Estimate | None, plan_yuan: int) -> Claim:
    """Whether the plan will be met: a word only where the chance is four in five.

    Of complete works nothing is foretold: less money than planned may be a saving.
    """
    if estimate is None or plan_yuan <= 0:
        return Claim(None, "没有预测")
    if estimate.is_finished:
        return Claim(None, "已竣工")
    if estimate.p80 >= plan_yuan:
        return Claim(Voice.GOOD, "多半完成")
    if estimate.p20 < plan_yuan:
        return Claim(Voice.DIFFICULT, "多半完不成")
    return Claim(Voice.OPEN, "说不准")


def disagreement(
    unit: Claim, rules: Claim, computed: Claim, *, p50: int | None, plan_yuan: int
) -> Disagreement:
    """How far the three are apart, and in which words."""
    voices = [one.voice for one in (unit, rules, computed) if one.voice is not None]
    spread = max(voices) - min(voices) if voices else 0
    if spread == 0:
        return Disagreement(0, 0, "")
    points = abs(p50 - plan_yuan) * SCALE // plan_yuan if p50 is not None and plan_yuan > 0 else 0
    return Disagreement(spread, points, _words(unit, rules, computed))


def _words(unit: Claim, rules: Claim, computed: Claim) -> str:
    """Who says otherwise, the unit first: it is the one to be asked."""
    told = [
        ("单位", unit.words, unit.voice),
        ("灯", rules.words, rules.voice),
        ("预测", computed.words, computed.voice),
    ]
    return "，".join(f"{who}{words}" for who, words, voice in told if voice is not None)
