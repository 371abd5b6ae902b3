"""Rows of the emitted query as the scalar evaluator's own values."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.engines.rulebook.outputs import outcomes_of, worst
from guatu.engines.rulebook.sql.emit import PASSED, SqlLights
from guatu.engines.rulebook.types import FactValue, Give, LightVerdict, Severity, Verdict


class RowReader:
    """Reads rows of one `SqlLights`: verdicts are shared between subjects of one outcome."""

    def __init__(self, plan: SqlLights) -> None:
        self._plan = plan
        self._at = {name.rpartition(" ")[2]: i for i, name in enumerate(plan.outputs)}
        self._outcomes = tuple(outcomes_of(light) for light in plan.lights)
        self._gate = self._at["gate"]
        self._first = self._at["l0"]
        self._verdicts: dict[tuple[int, tuple[int, ...]], Verdict] = {}

    def verdict(self, row: Sequence[object]) -> Verdict:
        """The verdict that `Evaluator.verdict` gives for the same facts."""
        return self.verdict_of(
            row[self._gate],  # type: ignore[arg-type]
            tuple(row[self._first : self._first + len(self._outcomes)]),  # type: ignore[arg-type]
        )

    def verdict_of(self, gate: int, lights: tuple[int, ...]) -> Verdict:
        """The verdict of a gate outcome and the outcomes of the lights."""
        key = (gate, lights)
        found = self._verdicts.get(key)
        if found is None:
            found = self._verdicts[key] = self._stopped(gate) or self._lit(lights)
        return found

    def values(self, row: Sequence[object]) -> dict[str, FactValue]:
        """The compared value of each measure that conditions name; None where missing."""
        found: dict[str, FactValue] = {}
        for value in self._plan.values:
            parts = [row[self._at[name]] for name in value.names]
            if len(parts) == 2:
                known = parts[0] is not None
                found[value.measure] = (int(parts[0]), int(parts[1])) if known else None  # type: ignore[call-overload]
            else:
                found[value.measure] = parts[0]  # type: ignore[assignment]
        return found

    def _stopped(self, gate: int) -> Verdict | None:
        if gate == PASSED:
            return None
        spoke = self._plan.gates[gate // 2]
        unknown = gate % 2 == 1
        give: Give | None = spoke.missing if unknown else spoke.refused
        assert give is not None
        in_scope: bool | None = give.severity is not Severity.NOT_IN_SCOPE
        if unknown and give.severity in (Severity.UNDECIDED, Severity.NO_DATA):
            in_scope = None
        return Verdict(in_scope, (), give.severity, give.label, give.colour)

    def _lit(self, key: tuple[int, ...]) -> Verdict:
        lights: tuple[LightVerdict, ...] = tuple(
            outcomes[index] for outcomes, index in zip(self._outcomes, key, strict=True)
        )
        light = worst(lights)
        return Verdict(True, lights, light.severity, light.label, light.colour)
