"""Who reads the questions to figures of a round, and who answers them (house.md 2)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.ledger.access import sees_everything
from guatu.ledger.request import Viewer
from guatu.organisation.access import may, rights_of
from guatu.organisation.types import Right
from guatu.reporting import access
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import Round

READERS = frozenset({Right.ASSESS, Right.REPORT, Right.REVIEW})
UNKNOWN = Fault("unknown-question", "没有这个疑问", "请从核对疑问进入")
NOT_YOURS = Fault("not-allowed", "您不能答复这个疑问", "由报送单位答复，项目办可代记")


def round_of(viewer: Viewer, round_id: int) -> Round:
    """A round whose questions the viewer may read: he reports, reviews or looks at results, and
    sees a project of its list; else NotFound."""
    rights = rights_of(viewer.user, viewer.assignments)
    found = (
        access.rounds_seen(viewer).filter(pk=round_id).first()
        if rights & READERS and is_id(round_id)
        else None
    )
    if found is None:
        raise NotFound(Fault("unknown-round", "没有这一期", "请从月报进入"))
    return found


def seen_questions(viewer: Viewer, the_round: Round) -> QuerySet[FigureQuestion]:
    """Questions of a round about projects that exist for the viewer, and about his own units."""
    rows = FigureQuestion.objects.filter(period=the_round.period_id).select_related("project")
    about = Q(project__in=access.projects_of(viewer, the_round))
    if sees_everything(viewer.user, viewer.assignments):
        about |= Q(project__isnull=True, organisation__in=_units_of(the_round))
    else:
        scopes = [one.scope_organisation_id for one in viewer.assignments]
        about |= Q(project__isnull=True, organisation__in=scopes)
    return rows.filter(about)


def _units_of(the_round: Round) -> QuerySet[Any, Any]:
    """The units that report projects of the round's list."""
    rows: QuerySet[Any, Any] = access.own_entries([the_round.list_id], None)
    return rows.values("reporting_unit")


def get_question(viewer: Viewer, the_round: Round, question_id: int) -> FigureQuestion:
    """One question the viewer sees, or NotFound."""
    known = seen_questions(viewer, the_round)
    found = known.filter(pk=question_id).first() if is_id(question_id) else None
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def can_answer(viewer: Viewer, question: FigureQuestion) -> bool:
    """The unit asked, or the office for it."""
    rights = rights_of(viewer.user, viewer.assignments)
    own = access.scopes_of(viewer.assignments, Right.REPORT)
    return Right.IMPORT_REPORTS in rights or question.organisation_id in own


def require_answer(actor: Actor, question: FigureQuestion) -> None:
    """Raise NotAllowed unless the actor reports for the unit asked, or is the office."""
    if may(actor, Right.IMPORT_REPORTS):
        return
    own = access.scopes_with(actor, Right.REPORT)
    if own is not None and question.organisation_id not in own:
        raise NotAllowed(NOT_YOURS)
