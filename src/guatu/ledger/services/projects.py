"""Projects themselves: adding one to a list, changing its words, names it goes by."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.names import match_form
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, queries, rules
from guatu.ledger.models import (
    AliasWithdrawal,
    ListEntry,
    Project,
    ProjectAlias,
    Responsibility,
)
from guatu.ledger.services.entries import require_unnumbered
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import require
from guatu.organisation.queries import lock_root
from guatu.organisation.types import Right


@dataclass(frozen=True, slots=True)
class ProjectWords:
    """Everything of a project that the office may write by hand; money in yuan."""

    name: str
    national_code: str | None
    region_id: int
    sector_id: int | None = None
    site: str = ""
    content: str = ""
    total_yuan: int | None = None
    stage: str = ""
    is_package: bool = False
    declared_parts: int | None = None
    package_id: int | None = None
    phase_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to be added to a list. `seen` are the look-alikes that somebody has ruled out."""

    words: ProjectWords
    list_id: int
    nature: str = ""
    tier: str = ""
    project_class: str = ""
    basis: str = ""
    lead_id: int | None = None
    owner_id: int | None = None
    seen: frozenset[int] = frozenset()


def edit_project(actor: Actor, project_id: int, words: ProjectWords, *, version: int) -> Project:
    """Change a project's words; the name it had becomes an alias, so that files still match.

    Raises Conflict where somebody changed it since `version` was read, BadInput for what the
    rules forbid. Nothing new writes nothing.
    """
    project = access.get_project(actor, project_id)
    require(actor, Right.EDIT_PROJECTS)
    journal.require_version(project, version)
    _require_possible(words, project)
    old_name = project.name
    changed = [
        one.name for one in fields(words) if getattr(project, one.name) != getattr(words, one.name)
    ]
    if not changed:
        return project
    for name in changed:
        setattr(project, name, getattr(words, name))
    with journal.act(actor, "project.changed", detail={"fields": changed}) as act:
        if match_form(old_name) != match_form(words.name):
            _alias(act, project, old_name)
        act.write(project)
    return project


@transaction.atomic
def add_project(actor: Actor, new: NewProject) -> ListEntry:
    """Add a project to a list (M-A2).

    Raises Conflict with one fault for each look-alike that is not in `new.seen`: whoever adds it
    says first that it is none of them.
    """
    require(actor, Right.EDIT_PROJECTS)
    lock_root()  # look-alikes, codes and the next number are read before they are written
    listing = access.get_list(actor, new.list_id)
    if listing.parent_id is not None:
        what, remedy = f"{listing}是子清单", "请先列入上级清单，再加到子清单"
        raise BadInput(Fault("sub-list", what, remedy))
    require_unnumbered(listing)
    _require_possible(new.words, None)
    unseen = [
        one
        for one in queries.look_alikes(new.words.name, new.words.site, new.owner_id)
        if one.project.pk not in new.seen
    ]
    if unseen:
        raise Conflict(
            *(
                Fault("look-alike", f"已有“{one.project.name}”（{one.why}）", "请确认不是同一个")
                for one in unseen
            )
        )
    today = clock.today()
    detail = {"not": sorted(new.seen)} if new.seen else {}
    with journal.act(actor, "project.added", detail=detail) as act:
        values = {one.name: getattr(new.words, one.name) for one in fields(new.words)}
        project = Project(uid=uuid.uuid4().hex, **values)
        act.write(project)
        entry = ListEntry(
            list=listing,
            project=project,
            serial_no=queries.next_serial(listing.pk),
            tier=new.tier,
            project_class=new.project_class,
            nature=new.nature,
            joined_on=_joined(listing.year, today),
            joined_by=new.basis,
        )
        act.write(entry)
        for role, unit in (
            (ResponsibilityRole.LEAD, new.lead_id),
            (ResponsibilityRole.OWNER, new.owner_id),
        ):
            if unit is not None:
                act.write(
                    Responsibility(
                        project=project,
                        role=role,
                        organisation_id=unit,
                        valid_from=today,
                        basis=new.basis,
                    )
                )
    return entry


def add_alias(actor: Actor, project_id: int, name: str) -> ProjectAlias:
    """Remember another name that a project goes by in files."""
    project = access.get_project(actor, project_id)
    require(actor, Right.EDIT_PROJECTS)
    name = name.strip()
    if not name:
        raise BadInput(Fault("no-name", "没有写别名", "请写别名"))
    known = queries.project_index().named(name)
    if project.pk in known:
        raise BadInput(Fault("alias-known", f"“{name}”已经是它的名称或别名", "不必再加"))
    if known:
        other = Project.objects.get(pk=min(known))
        what = f"“{name}”已经是另一个项目“{other.name}”的名称或别名"
        raise BadInput(Fault("alias-of-other", what, "一个名称只能指一个项目，请核对"))
    with journal.act(actor, "project.alias_added") as act:
        return _alias(act, project, name)


def withdraw_alias(act: journal.Act, alias_id: int) -> None:
    """Say that an alias was a slip; nothing to do where somebody did."""
    row = ProjectAlias.objects.filter(pk=alias_id, withdrawal__isnull=True).first()
    if row is not None:
        act.write(AliasWithdrawal(alias=row, by=act.actor.text, at=act.at))


def _alias(act: journal.Act, project: Project, name: str) -> ProjectAlias:
    row = ProjectAlias(project=project, name=name, valid_from=clock.today())
    act.write(row)
    return row


def _joined(year: int, today: date) -> date:
    """Today, or the first day of a list whose year has not begun or is over."""
    return today if today.year == year else date(year, 1, 1)


def _require_possible(words: ProjectWords, project: Project | None) -> None:
    """Raise BadInput with everything that the rules find wrong with the words."""
    faults = []
    if words.national_code is not None:
        other = queries.holder_of_code(words.national_code)
        if other is not None and (project is None or other.pk != project.pk):
            what = f"代码{words.national_code}已用于“{other.name}”"
            faults.append(Fault("code-taken", what, "请核对代码"))
    faults += rules.belonging_faults(_belonging(words, project))
    if faults:
        raise BadInput(*faults)


def _belonging(words: ProjectWords, project: Project | None) -> rules.Belonging:
    package = (
        Project.objects.filter(pk=words.package_id, removed_on__isnull=True).first()
        if words.package_id is not None
        else None
    )
    return rules.Belonging(
        project_id=project.pk if project else None,
        is_package=words.is_package,
        part_names=queries.part_names(project.pk) if project else (),
        package_id=words.package_id,
        package_is_package=package is not None and package.is_package,
        package_is_part=package is not None and package.package_id is not None,
        total_yuan=words.total_yuan,
        had_total=project is not None
        and project.package_id is not None
        and project.total_yuan == words.total_yuan,
        above=queries.phases_above(words.phase_of_id),
    )
