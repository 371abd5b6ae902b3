"""The answer of `guatu rulebook run`: results, reasons, what would change them."""

from __future__ import annotations

from typing import Any

from guatu.core.errors import Fault
from guatu.engines.rulebook.change import changes
from guatu.engines.rulebook.fact_file import Population
from guatu.engines.rulebook.partitions import partitions_of
from guatu.engines.rulebook.results import outcome_json
from guatu.engines.rulebook.run import Run
from guatu.engines.rulebook.types import RulebookError
from guatu.engines.rulebook.why import why


def run_json(run: Run, population: Population, *, change: str | None = None) -> dict[str, Any]:
    """Plain values; `change` names a subject to say what would change its verdict."""
    if change is not None and change not in {one.id for one in population.subjects}:
        remedy = "写facts里的一个id"
        raise RulebookError(Fault("no-such-subject", f"没有对象“{change}”", remedy))
    found = []
    for outcome in run.outcomes:
        row = outcome_json(run, outcome)
        row["why"] = [reason.text for reason in why(run, outcome)]
        if outcome.subject.id == change:
            row["change"] = [one.text for one in changes(run, population.subjects, change)]
        found.append(row)
    partitions = [
        {"name": one.name, "total": one.total, "counts": dict(one.counts), "unknown": one.unknown}
        for one in partitions_of(run)
    ]
    book = run.book
    return {
        "as_of": run.as_of.isoformat(),
        "rulebook": {"id": book.id, "version": book.version, "digest": book.digest},
        "results": found,
        **({"partitions": partitions} if partitions else {}),
    }
