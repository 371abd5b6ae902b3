"""Which rounds a user sees, and who may do what with them (house.md 2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.database.prepared import prepared
from guatu.files.models import Blob, Import
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.access import sees_everything, visible_projects
from guatu.ledger.models import ListEntry, Project, ProjectAlias
from guatu.ledger.request import Viewer
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import (
    assignments_held,
    current_assignments,
    require,
    rights_of,
)
from guatu.organisation.models import Assignment, Organisation, User
from guatu.organisation.rules import RIGHTS
from guatu.organisation.types import Right, Role, UserKind
from guatu.planning.models import AnnualPlan
from guatu.planning.types import PlanKind
from guatu.reporting.asking.queries import open_of_round
from guatu.reporting.asking.single import with_grounds
from guatu.reporting.correcting.queries import corrections_of_round
from guatu.reporting.due.models import RoundScope
from guatu.reporting.due.scope import expected_by, scope_of
from guatu.reporting.models import (
    DeliveredFile,
    Delivery,
    IntakeAnswer,
    IntakeQuestion,
    Round,
)
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.queries import expected_entries
from guatu.reporting.types import QuestionState, RoundState

MOST_WORDS = 6
NOT_TO_REPORT = Fault("unknown-project", "没有这个要您填报的项目", "请从填报进入")


def rounds_seen(viewer: Viewer) -> QuerySet[Round]:
    """Rounds of lists on which the user sees at least one project; administrators see none.

    A locked round remains his when the project has left the list since, or was removed.
    """
    rounds = Round.objects.select_related("list", "period")
    if viewer.user.kind != UserKind.BUSINESS:
        return rounds.none()
    if sees_everything(viewer.user, viewer.assignments):
        return rounds
    entries = ListEntry.objects.filter(list_id=OuterRef("list_id"))
    ever = visible_projects(viewer.user, viewer.assignments, with_removed=True)
    standing = entries.filter(
        left_on__isnull=True, project__removed_on__isnull=True, project__in=ever
    )
    is_locked = Q(state=RoundState.CLOSED)
    named = RoundScope.objects.filter(round_id=OuterRef("pk"), project__in=ever)
    return rounds.filter(
        Exists(standing) | is_locked & Exists(entries.filter(project__in=ever)),
        Q(is_limited=False) | Q(Exists(named)),
    )


def get_round(
    user: User, assignments: list[Assignment], round_id: int, right: Right | None = None
) -> Round:
    """One round with its list and period, and how many questions to its figures are open
    (`figures_asked`), and how many requests for a correction (`corrections_asked`).

    It exists for whoever may look at results and sees a project of its list; anybody else gets
    NotFound. Raises NotAllowed where the user sees it and lacks `right`.
    """
    rights = rights_of(user, assignments)
    found = (
        rounds_seen(Viewer(user, assignments))
        .annotate(figures_asked=open_of_round(), corrections_asked=corrections_of_round())
        .filter(pk=round_id)
        .first()
        if Right.ASSESS in rights and is_id(round_id)
        else None
    )
    if found is None:
        raise NotFound(Fault("unknown-round", "没有这一期", "请从月报进入"))
    if right is not None and right not in rights:
        raise NotAllowed(Fault("not-allowed", "您没有这项权限", "收表、答复和代报由项目办办理"))
    return found


def projects_of(viewer: Viewer, the_round: Round) -> QuerySet[Project]:
    """The projects of a round's list that exist for the user; of a limited round those that it
    expects."""
    here = visible_projects(viewer.user, viewer.assignments)
    listed = here.filter(entries__list_id=the_round.list_id, entries__left_on__isnull=True)
    if not the_round.is_limited:
        return listed
    return listed.filter(pk__in=scope_of(the_round).values("project_id"))


def get_project(viewer: Viewer, the_round: Round, project_id: int) -> Project:
    """One visible project of the round's list, or NotFound."""
    known = projects_of(viewer, the_round).filter(pk=project_id) if is_id(project_id) else None
    found = known.first() if known is not None else None
    if found is None:
        raise NotFound(Fault("unknown-project", "这份清单里没有这个项目", "请从收表台进入"))
    return found


def get_delivery(the_round: Round, delivery_id: int) -> Delivery:
    """One drop of files of the round, or NotFound."""
    found = the_round.deliveries.filter(pk=delivery_id).first() if is_id(delivery_id) else None
    if found is None:
        raise NotFound(Fault("unknown-delivery", "没有这一批文件", "请从收表台进入"))
    return found


def get_file(the_round: Round, file_id: int) -> DeliveredFile:
    """One file dropped in the round, or NotFound."""
    rows = DeliveredFile.objects.select_related("blob").filter(delivery__round=the_round)
    found = rows.filter(pk=file_id).first() if is_id(file_id) else None
    if found is None:
        raise NotFound(Fault("unknown-file", "没有这个文件", "请从收表台进入"))
    return found


def get_original(the_round: Round, blob_id: int) -> tuple[Blob, str]:
    """A file that came for the round, as it came, with its name; else NotFound."""
    blob = Blob.objects.filter(pk=blob_id).first() if is_id(blob_id) else None
    dropped = DeliveredFile.objects.filter(delivery__round=the_round, blob=blob)
    imported = Import.objects.filter(
        target=f"{the_round.list_id}:{the_round.period.key}", blob=blob
    )
    names = [
        name
        for rows in (dropped, imported)
        for name in rows.order_by("-pk").values_list("name", flat=True)[:1]
    ]
    if blob is None or not names:
        raise NotFound(Fault("unknown-file", "没有这个文件", "请从收表台进入"))
    return blob, names[0]


def get_unit(the_round: Round, organisation_id: int) -> Organisation:
    """One organisation that leads a project of the round's list, or NotFound."""
    found = (
        Organisation.objects.filter(
            pk=organisation_id,
            responsibility__role=ResponsibilityRole.LEAD,
            responsibility__project__entries__list_id=the_round.list_id,
        ).first()
        if is_id(organisation_id)
        else None
    )
    if found is None:
        raise NotFound(Fault("unknown-unit", "这份清单里没有这个单位", "请从收表台进入"))
    return found


def get_question(the_round: Round, question_id: int) -> IntakeQuestion:
    """One question that was asked in the round, answered or not; else NotFound."""
    rows = IntakeQuestion.objects.select_related("imported", "project").filter(
        period_id=the_round.period_id,
        imported__target=f"{the_round.list_id}:{the_round.period.key}",
    )
    found = rows.filter(pk=question_id).first() if is_id(question_id) else None
    if found is None:
        raise NotFound(Fault("unknown-question", "没有这个疑问", "请从收表台进入"))
    return found


def get_answer(the_round: Round, answer_id: int) -> IntakeAnswer:
    """One answer to a question of the round, taken back or not; else NotFound."""
    rows = IntakeAnswer.objects.filter(round=the_round, question__isnull=False)
    found = rows.filter(pk=answer_id).first() if is_id(answer_id) else None
    if found is None:
        raise NotFound(Fault("unknown-answer", "没有这条答复", "请从已答复里选"))
    return found


def named(projects: QuerySet[Project], text: str) -> QuerySet[Project]:
    """Those of the projects of which name, code or an alias holds every word of a text."""
    for word in text.split()[:MOST_WORDS]:
        alias = ProjectAlias.objects.filter(
            project_id=OuterRef("pk"), name__icontains=word, withdrawal__isnull=True
        )
        projects = projects.filter(
            Q(name__icontains=word) | Q(national_code__icontains=word) | Q(Exists(alias))
        )
    return projects


def scopes_with(actor: Actor, right: Right) -> list[int] | None:
    """The organisations for which the actor holds a right by a role of their own; None: any.

    Raises NotAllowed where there is none. One statement.
    """
    if actor.user_id is None:
        return None
    held = current_assignments(actor.user_id, clock.today())
    scopes = scopes_of(held, right)
    if not scopes:
        require(actor, right)  # says who may
    return scopes


def scopes_of(assignments: Iterable[Assignment], right: Right) -> list[int]:
    """The scopes of those roles that hold a right."""
    return [one.scope_organisation_id for one in assignments if right in RIGHTS[Role(one.role)]]


def own_entries(
    list_ids: Iterable[int] | QuerySet[Any, Any],
    scopes: list[int] | QuerySet[Any, Any] | None,
    on: date | None = None,
) -> QuerySet[ListEntry]:
    """The entries of lists that some units report themselves on a day (today by default), with
    `reporting_unit` and `plan_yuan`; a part of a listed package is reported with the package."""
    entries = ledger.with_reporting_units(expected_entries(list_ids), on or clock.today())
    plans = AnnualPlan.objects.filter(entry_id=OuterRef("pk"), kind=PlanKind.ASSIGNED)
    plan_yuan = Subquery(plans.order_by("-plan_version").values("amount_yuan")[:1])
    entries = entries.select_related("project").annotate(plan_yuan=plan_yuan)
    return entries if scopes is None else entries.filter(Q(("reporting_unit__in", scopes)))


def get_own_entry(actor: Actor, round_id: int, project_id: int) -> ListEntry:
    """The entry of a project that the actor's unit reports in a round, with what a report is
    judged by (`plan_yuan`, `has_questions`); else NotFound. Two statements."""
    scopes = scopes_with(actor, Right.REPORT)
    return own_entry(scopes, round_id, project_id)


def own_entry(scopes: list[int] | None, round_id: int, project_id: int) -> ListEntry:
    """The same for units that are known already."""
    is_asked = is_id(round_id) and is_id(project_id)
    found = _entry_of(round_id, project_id, scopes, clock.today()).first() if is_asked else None
    if found:
        return found
    raise NotFound(NOT_TO_REPORT)


def get_entry_to_report(actor: Actor, round_id: int, project_id: int) -> ListEntry:
    """As `get_own_entry`, with what the figures are held against (`with_grounds`). One statement:
    sending in is the act that everybody does on the same day."""
    asked: list[ListEntry] = []
    if is_id(round_id) and is_id(project_id):
        day, user_id = clock.today(), actor.user_id
        if user_id is None:
            asked = _entry_to_report(round_id, project_id, day)
        else:
            asked = _own_entry_to_report(user_id, round_id, project_id, day)
    if not asked:
        scopes_with(actor, Right.REPORT)  # says who may, where nobody of his roles does
        raise NotFound(NOT_TO_REPORT)
    return asked[0]


@prepared
def _own_entry_to_report(
    user_id: int, round_id: int, project_id: int, on: date
) -> QuerySet[ListEntry]:
    roles = [role for role, rights in RIGHTS.items() if Right.REPORT in rights]
    held = assignments_held(user_id, on).filter(role__in=roles)
    entries = _entry_of(round_id, project_id, held.values("scope_organisation_id"), on)
    return with_grounds(entries, round_id)


@prepared
def _entry_to_report(round_id: int, project_id: int, on: date) -> QuerySet[ListEntry]:
    return with_grounds(_entry_of(round_id, project_id, None, on), round_id)


def _entry_of(
    round_id: int, project_id: int, scopes: list[int] | QuerySet[Any, Any] | None, on: date
) -> QuerySet[ListEntry]:
    questions = IntakeQuestion.objects.filter(
        project_id=OuterRef("project_id"), period__rounds=round_id, state=QuestionState.OPEN
    )
    rows = Round.objects.filter(pk=round_id).values("list_id")
    entries = own_entries(rows, scopes, on).filter(expected_by(round_id), project_id=project_id)
    tracked = Tracked.objects.filter(project_id=OuterRef("project_id"), ended_on__isnull=True)
    return entries.annotate(has_questions=Exists(questions), has_tracked=Exists(tracked))


def round_of(round_id: int) -> Round:
    """One round with its list and period, for whoever was found to have a part in it."""
    rows = Round.objects.select_related("list", "period")
    found = rows.filter(pk=round_id).first() if is_id(round_id) else None
    if found is None:
        raise NotFound(Fault("unknown-round", "没有这一期", "请从填报进入"))
    return found
