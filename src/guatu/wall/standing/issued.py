"""The figures as issued of the projects that a user sees (M-A10)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from guatu.assessment.as_issued import Issued, issued_of
from guatu.assessment.details import EXITED, figures_of, subject_of
from guatu.assessment.judging import scope_of
from guatu.assessment.measures import Measured
from guatu.assessment.models import Result
from guatu.ledger.models import Project
from guatu.wall.standing.books import book_of
from guatu.wall.standing.runs import TOTAL, Standing


def issued_seen(
    standing: Standing, measured: Sequence[Measured], seen: QuerySet[Project]
) -> Issued | None:
    """What the issued version says of a user's own projects; None where the run found nothing
    else in it than in today's list, or they stand as they were. One query, or two."""
    kept = Result.objects.filter(run=standing.run, subject_kind__in=(TOTAL, EXITED))
    exited = []
    told: dict[str, object] | None = None
    for result in kept.order_by("pk"):
        if result.subject_kind == TOTAL:
            told = figures_of(result).get("as_issued")
        else:
            exited.append(subject_of(result))
    if told is None:
        return None
    gone = {one.id for one in exited}
    own = set(seen.filter(pk__in=gone).values_list("pk", flat=True)) if gone else gone
    return issued_of(
        str(told["issue"]),
        measured,
        [one for one in exited if one.id in own],
        scope_of(book_of(standing), standing.conventions, standing.period),
        standing.period,
        standing.conventions,
    )
