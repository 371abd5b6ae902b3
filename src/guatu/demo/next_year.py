"""Next year's list half made, all invented: a call, applications, opinions, first decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from guatu.journal.types import Actor
from guatu.ledger.making import services
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.services import SaveApplication
from guatu.ledger.making.types import (
    ApplicationWords,
    CallWords,
    Decision,
    Readiness,
    VersionKind,
)
from guatu.ledger.models import ListEntry, Project, Responsibility, Term
from guatu.ledger.types import Nature, ResponsibilityRole, Vocabulary
from guatu.organisation.models import Assignment, Organisation
from guatu.organisation.types import OrganisationKind, Role
from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone

YEAR = 2027
WAN = 10_000
_NEW = (
    ("星湖数字经济产业园（虚构）", 86_000, 21_000, Readiness.DONE, Readiness.UNDERWAY),
    ("云岭山地生态修复（虚构）", 12_400, 6_200, Readiness.NOT_NEEDED, Readiness.DONE),
    ("望江片区老旧管网更新（虚构）", 9_800, 5_000, Readiness.UNDERWAY, Readiness.LACKING),
    ("青禾冷链物流中心（虚构）", 33_000, 11_000, Readiness.DONE, Readiness.DONE),
    ("东湾职业教育实训基地（虚构）", 27_500, 8_000, Readiness.LACKING, Readiness.UNDERWAY),
)
"""Invented names with total and plan in 万元, land and money."""


def make_next_year(actor: Actor) -> ListCall:
    """Call for next year's list and bring it half way: some decided, some waiting, one returned."""
    words = CallWords(
        YEAR,
        "重点项目",
        date(2026, 10, 8),
        date(2026, 11, 30),
        "请于11月底前申报，附土地、资金、审批落实情况。（演示数据，项目均为虚构）",
    )
    call = services.open_call(actor, words)
    applied = [_apply(actor, call, *one) for one in _applications()]
    services.make_version(actor, call.pk, VersionKind.APPLIED, basis="第一轮申报汇总（虚构）")
    applying = {one.organisation_id for one in applied}
    bureaus = Organisation.objects.filter(kind=OrganisationKind.BUREAU).exclude(pk__in=applying)
    first, second = bureaus.order_by("pk")[:2]
    asked = [own_unit() or second.pk, first.pk]
    new = [one for one in applied if one.project_id is None]
    picked = {one.pk: one.version for one in (new[1], new[3])}
    services.ask_opinions(actor, call.pk, picked, asked)
    services.give_opinion(actor, new[1].pk, asked[0], stance="agree", text="")
    services.give_opinion(
        actor, new[1].pk, asked[1], stance="conditional", text="先办理用地预审（虚构）"
    )
    _decide(actor, call, applied[:2], Decision.IN, "")
    _decide(actor, call, new[2:3], Decision.RESERVE, "资金没有落实")
    services.return_applications(
        actor, call.pk, {new[4].pk: new[4].version}, reason="请补用地手续的办理计划"
    )
    return call


def _decide(
    actor: Actor, call: ListCall, rows: Iterable[Application], decision: Decision, reason: str
) -> None:
    picked = {one.pk: one.version for one in rows}
    services.decide(actor, call.pk, picked, decision=decision, reason=reason)


def _apply(actor: Actor, call: ListCall, unit: int, words: ApplicationWords) -> Application:
    return services.submit_application(actor, SaveApplication(call.pk, unit, words))


def _applications() -> list[tuple[int, ApplicationWords]]:
    """Units with what they write: four that go on, five that are new."""
    going_on = _going_on(4)
    sectors = list(Term.objects.filter(vocabulary=Vocabulary.SECTOR).order_by("pk"))
    starts = planning.dates_in_force(project.pk for project, _ in going_on)
    told = [(unit, _continuing(project, _start(starts, project))) for project, unit in going_on]
    for at, (name, total, plan, land, money) in enumerate(_NEW):
        project, unit = going_on[at % len(going_on)]
        told.append(
            (
                unit,
                ApplicationWords(
                    name=name,
                    region_id=project.region_id,
                    nature=Nature.NEW,
                    sector_id=sectors[at % len(sectors)].pk if sectors else None,
                    site=f"{name.removesuffix('（虚构）')}选址",
                    content="演示用的虚构项目。",
                    total_yuan=total * WAN,
                    plan_yuan=plan * WAN,
                    starts_by=date(YEAR, 3 + at, 28),
                    completes_by=date(YEAR + 1, 12, 31),
                    land=land,
                    money=money,
                    approvals=Readiness.UNDERWAY,
                    approvals_note="可研待批",
                ),
            )
        )
    return told


def _start(dates: Mapping[planning.DateKey, DateFact], project: Project) -> date | None:
    """When a project started, else when it was to start."""
    for kind in (DateKind.ACTUAL, DateKind.PLANNED):
        fact = dates.get((project.pk, Milestone.START.value, kind.value))
        if fact is not None and fact.on is not None:
            return fact.on
    return None


def _going_on(count: int) -> list[tuple[Project, int]]:
    """Projects of this year's list, the first of each lead unit, in the order of the list.

    The unit of the demo's reporter comes first.
    """
    leads = dict(
        Responsibility.objects.filter(
            role=ResponsibilityRole.LEAD, valid_to__isnull=True, organisation__isnull=False
        ).values_list("project_id", "organisation_id")
    )
    entries = ListEntry.objects.filter(
        list__year=YEAR - 1,
        left_on__isnull=True,
        project__total_yuan__isnull=False,
        project__package__isnull=True,
        project__in=leads,
    )
    found: dict[int, tuple[Project, int]] = {}
    own = own_unit()
    for one in entries.select_related("project").order_by("serial_no", "pk"):
        unit = leads[one.project_id] or 0
        found.setdefault(unit, (one.project, unit))
    return sorted(found.values(), key=lambda pair: pair[1] != own)[:count]


def own_unit() -> int | None:
    """The unit that the demo's reporter writes for: it shall find something of its own."""
    role = Assignment.objects.filter(role=Role.REPORTER).order_by("pk").first()
    return role.scope_organisation_id if role else None


def _continuing(project: Project, started_on: date | None) -> ApplicationWords:
    words = ApplicationWords(
        name=project.name,
        region_id=project.region_id,
        nature=Nature.CONTINUING,
        national_code=project.national_code or "",
        project_id=project.pk,
        sector_id=project.sector_id,
        total_yuan=project.total_yuan,
        plan_yuan=(project.total_yuan or 0) // (4 * WAN) * WAN,
        starts_by=started_on,
        completes_by=date(YEAR + 1, 6, 30),
        approvals=Readiness.DONE,
    )
    return replace(words, land=Readiness.DONE, money=Readiness.DONE)
