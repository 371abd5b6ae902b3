"""The contexts of the pages of campaigns, and the figures of the result paper."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotAllowed
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import Cadence, CampaignState
from guatu.ledger.making.presenters import money_column
from guatu.organisation.queries import names_of_organisations
from guatu.publishing.results.compose import drafted
from guatu.publishing.results.types import ResultFigures, ResultRow
from guatu.publishing.services.results import issuers, papers_of, wording_of
from guatu.publishing.types import PaperState
from guatu.publishing.wording.frozen import read_frozen
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid, Page
from guatu.ui.templatetags.guatu import light
from guatu.wall.campaigns.queries import (
    CampaignRow,
    Progress,
    ProjectLine,
    campaign_rows,
    progress_of,
)
from guatu.wall.viewer import Viewer


def roster(viewer: Viewer, query: QueryDict) -> Roster[CampaignRow]:
    """Campaigns, the newest first."""

    def link(row: CampaignRow) -> SafeString:
        address = reverse("campaign", args=[row.campaign.pk])
        return format_html('<a href="{}">{}</a>', address, row.campaign.name)

    return Roster(
        "专项行动",
        [
            Column("name", "名称", link, "wide", is_sortable=True, value=lambda r: r.campaign.name),
            Column("state", "状态", lambda r: r.state.label, "tight", is_sortable=True),
            Column("left", "剩余天数", lambda r: r.days_left, "num", is_sortable=True),
            Column("from", "开始", lambda r: r.campaign.from_on, "date", is_sortable=True),
            Column("until", "截止", lambda r: r.campaign.last_on, "date", is_sortable=True),
            Column("list", "清单", lambda r: r.campaign.list, "wide"),
            Column("projects", "项目", lambda r: r.projects, "num", is_sortable=True),
            Column("unit", "牵头单位", lambda r: r.unit, "wide"),
            Column("cadence", "调度", lambda r: Cadence(r.campaign.cadence).label, "tight"),
        ],
        campaign_rows(viewer),
        lambda r: f"{r.campaign.name}\n{r.unit}\n{r.campaign.plan_paper}",
        [
            Choice(
                "state",
                "状态",
                [(one, one) for one in CampaignState.labels],
                lambda r: r.state.label,
            )
        ],
        search_label="名称、单位或文件",
        empty="还没有专项行动",
        empty_next="由项目办按方案文件登记，数字取自清单的各期月报，不另填表",
        query=query,
    )


COLUMNS: list[Column[ProjectLine]] = [
    Column(
        "name",
        "项目",
        lambda row: format_html(
            '<a href="{}">{}</a>', reverse("project", args=[row.project_id]), row.name
        ),
        "wide",
        value=lambda row: row.name,
    ),
    money_column("plan", "年度计划", lambda row: row.plan_yuan),
    money_column("done", "本年完成", lambda row: row.completed_yuan),
    money_column("since", "行动以来", lambda row: row.since_yuan),
    Column(
        "before",
        "行动前灯号",
        lambda row: light(row.before.verdict, row.before.label),
        "tight",
        value=lambda row: row.before.label,
    ),
    Column(
        "light",
        "灯号",
        lambda row: light(row.now.verdict, row.now.label),
        "tight",
        value=lambda row: row.now.label,
    ),
]


def page(viewer: Viewer, campaign: Campaign, query: QueryDict) -> dict[str, Any]:
    """One campaign: countdown, figures of the newest round, projects, the result paper."""
    today, unit = clock.today(), _unit(campaign)
    progress = progress_of(viewer, campaign)
    state = campaign.state_on(today)
    place = Page.of(query, len(progress.lines) if progress else 0)
    return {
        "page": place,
        "campaign": campaign,
        "unit": unit,
        "state": state,
        "is_running": state is CampaignState.RUNNING,
        "days_left": campaign.days_left(today),
        "days_gone": max(0, (min(today, campaign.last_on) - campaign.from_on).days + 1),
        "days": (campaign.last_on - campaign.from_on).days + 1,
        "progress": progress,
        "grid": Grid(COLUMNS, progress.lines[place.start : place.start + place.size])
        if progress
        else None,
        "lights": _lights(progress),
        "has_begun": state is not CampaignState.COMING,
        "has_ended": state is CampaignState.ENDED,
        **result(viewer, campaign, figures_of(campaign, unit, progress)),
    }


def _lights(progress: Progress | None) -> list[tuple[str, str, int, int]]:
    """Each light with how many projects had it before and have it now."""
    lines = progress.lines if progress else []
    before = Counter((one.before.verdict, one.before.label) for one in lines if one.before.label)
    now = Counter((one.now.verdict, one.now.label) for one in lines if one.now.label)
    return [(*key, before[key], now[key]) for key in dict.fromkeys([*now, *before])]


def result(viewer: Viewer, campaign: Campaign, figures: ResultFigures | None) -> dict[str, Any]:
    """The result paper as it stands for a user.

    Its kept words speak of the whole list: whoever sees a part of it gets his own figures.
    """
    if figures is None:
        return {"result_state": "none"}
    if not viewer.sees_everything:
        return {"result_state": "own", "result": drafted(figures)}
    paper, withdrawn = papers_of(campaign)
    version = paper.version if paper else 0
    if paper is not None and paper.state == PaperState.ISSUED:
        text = read_frozen(paper.content)
        return {
            "result_state": "issued",
            "paper": paper,
            "text": text,
            "result_version": version,
            "withdrawn": withdrawn,
        }
    signers = issuers(campaign)
    wording = wording_of(paper, figures, signers)
    return {
        "result_state": "draft",
        "draft": paper,
        "result": wording.text,
        "issuer": wording.issuer,
        "addressee": wording.addressee,
        "issuers": signers,
        "result_version": version,
        "withdrawn": withdrawn,
    }


def figures_of(campaign: Campaign, unit: str, progress: Progress | None) -> ResultFigures | None:
    """What a result paper is made from; None before any round of the list is locked."""
    if progress is None:
        return None
    told, before = progress.figures, progress.before
    return ResultFigures(
        name=campaign.name,
        plan_paper=campaign.plan_paper,
        plan_number=campaign.plan_number,
        led_by=unit,
        body=campaign.body.name if campaign.body else "",
        from_on=campaign.from_on,
        last_on=campaign.last_on,
        end_reason=campaign.end_reason,
        snapshot=progress.standing.run.snapshot,
        basis=progress.standing.basis,
        title=progress.standing.title,
        before_label=before.round.period.label if before else "",
        plan_yuan=told["annual_plan_yuan"],
        completed_yuan=told["completed_yuan"],
        rate=told["completion_rate"] or "",
        without_data=told["without_data"],
        rows=tuple(
            ResultRow(
                name=one.name,
                plan_yuan=one.plan_yuan,
                before_yuan=one.before_yuan,
                completed_yuan=one.completed_yuan,
                before=one.before,
                now=one.now,
            )
            for one in progress.lines
        ),
    )


def whole_figures(viewer: Viewer, campaign: Campaign) -> ResultFigures:
    """The figures of a paper about the whole campaign. NotAllowed for who sees a part of it,
    BadInput before any round is locked."""
    if not viewer.sees_everything:
        raise NotAllowed(Fault("not-allowed", "您没有这项权限", "总结由项目办起草和印发"))
    found = figures_of(campaign, _unit(campaign), progress_of(viewer, campaign))
    if found is None:
        what = "所用清单还没有锁定的月报，没有数字"
        raise BadInput(Fault("no-figures", what, "锁定一期后再写总结"))
    return found


def _unit(campaign: Campaign) -> str:
    unit_id = campaign.organisation_id
    return names_of_organisations([unit_id]).get(unit_id, "") if unit_id else ""
