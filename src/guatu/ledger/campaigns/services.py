"""Starting, changing and ending campaigns (M-A11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.ledger.bodies.models import Body
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import CampaignState, SaveCampaign
from guatu.ledger.models import Project, ProjectList
from guatu.ledger.services.entries import add_to_list
from guatu.ledger.services.lists import ListWords, make_list
from guatu.organisation import access
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right

LONGEST_DAYS = 731


def save_campaign(
    actor: Actor, command: SaveCampaign, campaign: Campaign | None = None, version: int = 0
) -> Campaign:
    """Enter or change a campaign. Raises BadInput for days that cannot be, no plan paper, or a
    list or body that is not there; Conflict where somebody was faster."""
    access.require(actor, Right.EDIT_PROJECTS)
    if campaign is not None:
        require_version(campaign, version)
    if faults := _faults(command, campaign):
        raise BadInput(*faults)
    row = campaign or Campaign()
    row.name, row.list_id = command.name.strip(), command.list_id
    row.from_on, row.until_on = command.from_on, command.until_on
    row.plan_paper = command.plan_paper.strip()
    row.plan_number = command.plan_number.strip()
    row.body_id, row.organisation_id = command.body_id, command.organisation_id
    row.cadence = command.cadence
    with journal.act(actor, "campaign.changed" if campaign else "campaign.added") as act:
        act.write(row)
    return row


@transaction.atomic
def start_with_projects(
    actor: Actor, command: SaveCampaign, parent: ProjectList, projects: Sequence[Project]
) -> Campaign:
    """Enter a campaign over some projects of a list: a sub-list of its name is made for them.

    All or nothing; raises BadInput as making the list, filling it and `save_campaign` do.
    """
    name = command.name.strip()
    if fault := name_fault(name, 100):
        raise BadInput(fault)
    words = ListWords(parent.year, name, parent.level, parent.state, parent.pk)
    listing = make_list(actor, words)
    add_to_list(actor, listing.pk, projects, basis=command.plan_paper)
    return save_campaign(actor, replace(command, list_id=listing.pk))


def _faults(command: SaveCampaign, campaign: Campaign | None) -> list[Fault]:
    same = Campaign.objects.filter(name=command.name.strip(), from_on=command.from_on)
    days = (command.until_on - command.from_on).days
    found = [
        name_fault(command.name, 100),
        Fault("name-taken", "同一天起已有同名的专项行动", "请换一个名称")
        if same.exclude(pk=campaign.pk if campaign else 0).exists()
        else None,
        Fault("days-wrong", "截止日期早于开始日期或超过两年", "请核对两个日期")
        if not 0 <= days <= LONGEST_DAYS
        else None,
        None if command.plan_paper.strip() else Fault("no-paper", "没有写方案文件", "请写文件名称"),
        None
        if ProjectList.objects.filter(pk=command.list_id).exists()
        else Fault("no-list", "没有选清单", "请选一份清单；只管部分项目的先建子清单"),
        None
        if command.body_id is None
        or Body.objects.filter(pk=command.body_id, ended_on__isnull=True).exists()
        or (campaign is not None and campaign.body_id == command.body_id)
        else Fault("no-body", "所选机构已撤销", "请选在册的机构"),
    ]
    return [one for one in found if one]


def end_campaign(actor: Actor, campaign: Campaign, version: int, *, on: date, reason: str) -> None:
    """End a campaign before its day, for a reason. Its figures stay those of the rounds."""
    access.require(actor, Right.EDIT_PROJECTS)
    require_version(campaign, version)
    if campaign.state_on(clock.today()) is not CampaignState.RUNNING:
        raise BadInput(Fault("not-running", "专项行动不在进行中", "到期的已自动结束"))
    if not reason.strip():
        raise BadInput(Fault("no-reason", "没有写依据", "请写文件名称或会议"))
    if not campaign.from_on <= on <= clock.today():
        raise BadInput(Fault("day-outside", "结束日期不在开始和今天之间", "请核对日期"))
    campaign.ended_on, campaign.end_reason = on, reason.strip()
    with journal.act(actor, "campaign.ended") as act:
        act.write(campaign)
