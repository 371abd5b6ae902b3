"""Making an audit export: read, written out and noted in the journal as one act."""

from __future__ import annotations

from datetime import date

from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger
from guatu.ledger.models import Project, ProjectList
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.publishing.audit.gathering import Scope, gathered
from guatu.publishing.audit.sheets import book_of
from guatu.reporting.basis.queries import bases

MOST_PROJECTS = 2_000
LONGEST_PURPOSE = 200


def export_project(
    actor: Actor, project_id: int, first_on: date, last_on: date, purpose: str
) -> bytes:
    """The workbook of one project. Raises NotFound where the actor does not see it."""
    require(actor, Right.EXPORT_AUDIT)
    project = ledger.get_project(actor, project_id)
    only = Project.objects.filter(pk=project.pk)
    return _export(actor, Scope(project.name[:80], only, first_on, last_on, purpose.strip()))


def export_list(
    actor: Actor, listing: ProjectList, first_on: date, last_on: date, purpose: str
) -> bytes:
    """The workbook of all projects that stand or stood on a list, as far as the actor sees them."""
    require(actor, Right.EXPORT_AUDIT)
    seen = ledger.visible_to(actor, with_removed=True)
    projects = seen.filter(pk__in=listing.entries.values("project_id"))
    return _export(actor, Scope(str(listing), projects, first_on, last_on, purpose.strip()))


def _export(actor: Actor, scope: Scope) -> bytes:
    if faults := _faults(scope):
        raise BadInput(*faults)
    with journal.act(actor, "audit.exported") as act:
        act.reserve_seq()  # nothing is written between the reads and the head they name
        found = gathered(scope)
        act.detail.update(
            {
                "name": scope.title,
                "projects": found.project_count,
                "rows": found.rows,
                "reason": scope.purpose,
                "period": f"{scope.first_on}—{scope.last_on}",
            }
        )
        return book_of(found, bases(), actor.text)


def _faults(scope: Scope) -> list[Fault]:
    faults = []
    if not 0 < len(scope.purpose) <= LONGEST_PURPOSE:
        faults.append(Fault("no-purpose", "没有写用途", "请写给谁、凭什么，如市审计局审计通知书"))
    if scope.first_on > scope.last_on:
        faults.append(Fault("range", "起始期别晚于截止期别", "请对调"))
    if scope.projects.count() > MOST_PROJECTS:
        what = f"超过{MOST_PROJECTS}个项目"
        faults.append(Fault("too-many", what, "请按较小的清单分几次导出"))
    return faults
