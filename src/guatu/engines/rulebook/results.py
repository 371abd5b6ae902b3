"""A run as plain values for JSON and for comparing with examples (architecture §7)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from guatu.core.ratio import Rounding, decimal_text, round_scaled
from guatu.engines.rulebook.procedures.acts import Act
from guatu.engines.rulebook.results_of_procedures import due_json, next_dues, proceedings_json
from guatu.engines.rulebook.run import Amount, Called, Listing, Outcome, Points, Run
from guatu.engines.rulebook.types import Pair, Verdict

SIGNS = {"奖励": 1, "拨付": 1, "预付": 1, "补助": 1, "扣减": -1, "下年扣减": -1, "收费": -1}
"""What a way of money adds to the sum; caps and holds add nothing."""


def points_text(
    pair: Pair | None, digits: int, rounding: Rounding = Rounding.HALF_UP
) -> str | None:
    """Points with at most so many digits, without idle zeros: `86.5`, `36`."""
    if pair is None:
        return None
    scaled = round_scaled(pair[0], pair[1], scale=10**digits, rounding=rounding)
    text = decimal_text(scaled, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_points(pair: Pair | None) -> str | None:
    """Points as a decimal where they end within six digits, else rounded to two."""
    if pair is None:
        return None
    value = Fraction(*pair)
    return points_text(pair, 6 if (value * 10**6).denominator == 1 else 2)


def listing_text(listing: Listing) -> str:
    """列入, 不列入, 可不列入, 待定."""
    if listing.is_on is None:
        return "待定"
    return "可不列入" if listing.may_skip else "列入" if listing.is_on else "不列入"


def act_json(act: Act) -> dict[str, Any]:
    """An act with who, to whom and within what time; empty ones are null."""
    return {
        "act": act.act,
        "by": "、".join(act.by) or None,
        "to": "、".join(act.to) or None,
        "of": "、".join(act.of) or None,
        "where": "、".join(act.where) or None,
        "within": None if act.within is None else str(act.within),
        "account": "、".join(act.account) or None,
        "points": None if act.points is None else exact_points(act.points.as_integer_ratio()),
        "text": str(act),
    }


def outcome_json(run: Run, outcome: Outcome) -> dict[str, Any]:
    """One subject's results under the keys of the contract, and the rest of what was found."""
    main = main_score(run, outcome)
    return {
        "id": outcome.subject.id,
        "subject": outcome.subject.kind,
        **_lights_json(outcome.verdict),
        "score": None if main is None else score_text(run, main, outcome.subject.kind),
        "scores": _scores_json(run, outcome),
        "parts": [{"name": one.name, "points": exact_points(one.points)} for one in outcome.parts],
        "grades": [
            {"name": one.name, "label": one.label, "rule": one.rule, "clause": one.clause}
            for one in outcome.grades
        ],
        "lists": [
            {"name": one.name, "status": listing_text(one), "rule": one.rule, "clause": one.clause}
            for one in outcome.lists
        ],
        "rank": next(iter(outcome.ranks.values()), None),
        "ranks": dict(outcome.ranks),
        "state": next((one.state for one in outcome.proceedings.ladders.values()), None),
        "acts": [_called_json(one) for one in outcome.acts],
        "due": [due_json(one) for one in next_dues(outcome.proceedings)],
        **_money_json(outcome.money),
        **proceedings_json(outcome.proceedings),
    }


def _lights_json(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"lights": [], "light": None}
    lights = [
        {
            "dimension": light.dimension,
            "severity": light.severity.value,
            "label": light.label,
            "rule": light.rule,
            "clause": light.clause,
        }
        for light in verdict.lights
    ]
    whole = {
        "severity": verdict.overall.value,
        "label": verdict.label,
        "colour": verdict.colour,
    }
    return {"lights": lights, "light": whole}


def _scores_json(run: Run, outcome: Outcome) -> list[dict[str, Any]]:
    rules = {one.name: one for one in run.book.scores if one.subject == outcome.subject.kind}
    return [
        {
            "name": one.name,
            "points": points_text(one.points, one.digits, rules[one.name].rounding),
        }
        for one in outcome.scores
    ]


def _called_json(called: Called) -> dict[str, Any]:
    due_on = None if called.due_on is None else called.due_on.isoformat()
    return {**act_json(called.act), "on": due_on, "rule": called.rule, "clause": called.clause}


def _money_json(amounts: Sequence[Amount]) -> dict[str, Any]:
    """The amounts, and their sum: what is given less what is taken, null when there is none."""
    known = [
        one.yuan * SIGNS[one.way] for one in amounts if one.yuan is not None and one.way in SIGNS
    ]
    told = [
        {"name": one.name, "way": one.way, "yuan": one.yuan, "rule": one.rule} for one in amounts
    ]
    return {"money_yuan": sum(known) if known else None, "money": told}


def main_score(run: Run, outcome: Outcome) -> Points | None:
    """The score that stands for the whole: the last that no other score takes."""
    taken = {name for one in run.book.scores for name in one.parts}
    free = [one for one in outcome.scores if one.name not in taken]
    return free[-1] if free else None


def score_text(run: Run, points: Points, kind: str) -> str | None:
    """A score as its book prints it."""
    rule = next(one for one in run.book.scores if one.subject == kind and one.name == points.name)
    return points_text(points.points, rule.digits, rule.rounding)
