"""Reads of requests for corrections: how many wait, of all rounds or as a column of rounds."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from guatu.reporting.burden.models import Complaint
from guatu.reporting.burden.types import ComplaintState
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.correcting.types import RequestState


def waiting_for_the_office() -> tuple[int, int]:
    """How many complaints of forms and how many requests wait for its answer. One statement."""
    asked = CorrectionRequest.objects.filter(state=RequestState.OPEN).values_list(Value("asked"))
    told = Complaint.objects.filter(state=ComplaintState.OPEN).values_list(Value("told"))
    found = Counter(kind for (kind,) in told.union(asked, all=True))
    return found["told"], found["asked"]


def waiting_columns() -> dict[str, Coalesce]:
    """The same two numbers as columns `complaints` and `corrections` of another query's rows."""
    complaints = Complaint.objects.filter(state=ComplaintState.OPEN).values("state")
    corrections = CorrectionRequest.objects.filter(state=RequestState.OPEN).values("state")
    return {
        name: Coalesce(Subquery(rows.order_by().annotate(n=Count("pk")).values("n")), 0)
        for name, rows in (("complaints", complaints), ("corrections", corrections))
    }


def corrections_of_round() -> Subquery:
    """How many of a round wait: a column of a query of rounds."""
    rows = CorrectionRequest.objects.filter(round_id=OuterRef("pk"), state=RequestState.OPEN)
    counted = rows.order_by().values("round_id").annotate(found=Count("pk")).values("found")
    return Subquery(counted, output_field=IntegerField())
