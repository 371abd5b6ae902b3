"""What a rule book says about a subject."""

from __future__ import annotations

from typing import NamedTuple

from guatu.engines.rulebook.types.values import Severity


class LightVerdict(NamedTuple):
    """One dimension's light, the rule (case) that gave it and the clause it stands in."""

    dimension: str
    severity: Severity
    label: str
    colour: str
    rule: str
    clause: str


class Verdict(NamedTuple):
    """A subject's light. `in_scope` is None when the data to say so is missing.

    Verdicts are shared between subjects with the same outcome.
    """

    in_scope: bool | None
    lights: tuple[LightVerdict, ...]
    overall: Severity
    label: str
    colour: str


class Reason(NamedTuple):
    """One thing a verdict rests on, as strings for paper and JSON (architecture §7)."""

    rule: str
    clause: str
    measure: str
    value: str
    limit: str
    text: str
