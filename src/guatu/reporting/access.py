"""Which rounds a user sees, and who may do what with them (house.md 2)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.files.models import Blob, Import
from guatu.ledger.access import sees_everything, visible_projects
from guatu.ledger.models import ListEntry, Project, ProjectAlias
from guatu.ledger.request import Viewer
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import rights_of
from guatu.organisation.models import Assignment, Organisation, User
from guatu.organisation.types import Right, UserKind
from guatu.reporting.models import DeliveredFile, Delivery, IntakeAnswer, IntakeQuestion, Round
from guatu.reporting.types import RoundState

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
