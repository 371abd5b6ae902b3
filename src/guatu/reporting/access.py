"""Which rounds a user sees, and who may do what with them (house.md 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.files.models import Blob, Import
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.access import sees_everything, visible_projects
from guatu.ledger.models import ListEntry, Project, ProjectAlias
from guatu.ledger.request import Viewer
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import (
    current_assignments,
    is_of_root,
    organisations_below,
    require,
    rights_of,
)
from guatu.organisation.models import Assignment, Organisation, User
from guatu.organisation.rules import RIGHTS
from guatu.organisation.types import Right, Role, UserKind
from guatu.planning.models import AnnualPlan
from guatu.planning.types import PlanKind
from guatu.reporting.models import (
    DeliveredFile,
    Delivery,
    IntakeAnswer,
    IntakeQuestion,
    Report,
    Round,
)
from guatu.reporting.queries import expected_entries
from guatu.reporting.types import QuestionState, ReportSource, RoundState

MOST_WORDS = 6


def is_id(number: int) -> bool:
    """Whether a database can hold the number at all."""
    return 0 < number < 2**63


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
    return rounds.filter(Exists(standing) | is_locked & Exists(entries.filter(project__in=ever)))


def get_round(
    user: User, assignments: list[Assignment], round_id: int, right: Right | None = None
) -> Round:
    """One round with its list and period.

    It exists for whoever may look at results and sees a project of its list; anybody else gets
    NotFound. Raises NotAllowed where the user sees it and lacks `right`.
    """
    rights = rights_of(user, assignments)
    found = (
        rounds_seen(Viewer(user, assignments)).filter(pk=round_id).first()
        if Right.ASSESS in rights and is_id(round_id)
        else None
    )
    if found is None:
        raise NotFound(Fault("unknown-round", "没有这一期", "请从月报进入"))
    if right is not None and right not in rights:
        raise NotAllowed(Fault("not-allowed", "您没有这项权限", "收表、答复和代报由项目办办理"))
    return found


def projects_of(viewer: Viewer, the_round: Round) -> QuerySet[Project]:
    """The projects of a round's list that exist for the user."""
    here = visible_projects(viewer.user, viewer.assignments)
    return here.filter(entries__list_id=the_round.list_id, entries__left_on__isnull=True)


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
    list_ids: Iterable[int] | QuerySet[Any, Any], scopes: list[int] | None
) -> QuerySet[ListEntry]:
    """The entries of lists that some units report themselves, with `reporting_unit`,
    `reviewing_unit` and `plan_yuan`; a part of a listed package is reported with the package."""
    entries = ledger.with_reporting_units(expected_entries(list_ids), clock.today())
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
    questions = IntakeQuestion.objects.filter(
        project_id=OuterRef("project_id"), period__rounds=round_id, state=QuestionState.OPEN
    )
    rows = Round.objects.filter(pk=round_id).values("list_id")
    found = (
        own_entries(rows, scopes)
        .filter(project_id=project_id)
        .annotate(has_questions=Exists(questions))
        .first()
        if is_id(round_id) and is_id(project_id)
        else None
    )
    if found is None:
        raise NotFound(Fault("unknown-project", "没有这个要您填报的项目", "请从填报进入"))
    return found


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One report that the actor may review: in which round, as which unit (None: the office)."""

    report: Report
    round_id: int
    reviewing_unit: int | None


def review_scopes(
    actor: Actor, assignments: Iterable[Assignment] | None = None
) -> list[int] | None:
    """The organisations for which an actor reviews, with those below; None: the office, which
    reviews everything. Raises NotAllowed where there is none."""
    if actor.user_id is None:
        return None
    held = list(assignments or current_assignments(actor.user_id, clock.today()))
    if any(is_of_root(one) and Right.REVIEW in RIGHTS[Role(one.role)] for one in held):
        return None
    scopes = scopes_of(held, Right.REVIEW)
    if not scopes:
        require(actor, Right.REVIEW)
    return organisations_below(scopes)


def review_entries(rounds: Iterable[Round], scopes: list[int] | None) -> QuerySet[ListEntry]:
    """The entries of the rounds' lists that some units review; None: all of them."""
    lists = {one.list_id for one in rounds}
    entries = ledger.with_reporting_units(expected_entries(lists), clock.today())
    return entries if scopes is None else entries.filter(Q(("reviewing_unit__in", scopes)))


def reports_to_review(actor: Actor, chosen: Iterable[int]) -> list[Reviewed]:
    """The chosen reports, as units sent them in, each with its round; NotFound where one is not
    the actor's to review or no unit sent it in itself."""
    scopes = review_scopes(actor)
    wanted = {pk for pk in chosen if is_id(pk)}
    rows = Report.objects.filter(pk__in=wanted, source=ReportSource.UNIT)
    reports = list(rows.select_related("project", "period").order_by("pk"))
    rounds = list(Round.objects.filter(period__in={one.period_id for one in reports}))
    entries = review_entries(rounds, scopes)
    units = {
        (entry.list_id, entry.project_id): getattr(entry, "reviewing_unit")  # noqa: B009
        for entry in entries.filter(project__in={one.project_id for one in reports})
    }
    found = [
        Reviewed(report, one.pk, units[one.list_id, report.project_id] if scopes else None)
        for report in reports
        for one in rounds
        if one.period_id == report.period_id and (one.list_id, report.project_id) in units
    ]
    first = {one.report.pk: one for one in reversed(found)}
    if len(first) != len(set(chosen)):
        raise NotFound(Fault("unknown-report", "没有这个要您审核的月报", "请从审核进入"))
    return [first[pk] for pk in sorted(first)]


def round_of(round_id: int) -> Round:
    """One round with its list and period, for whoever was found to have a part in it."""
    found = Round.objects.select_related("list", "period").filter(pk=round_id).first()
    if found is None:
        raise NotFound(Fault("unknown-round", "没有这一期", "请从填报进入"))
    return found
