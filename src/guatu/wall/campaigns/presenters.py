"""The contexts of the pages of campaigns, and the draft of the result paper."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import wan_words
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import Cadence, CampaignState
from guatu.ledger.making.presenters import money_column
from guatu.organisation.queries import names_of_organisations
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid, Page
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
    Column("light", "灯", lambda row: row.label or "—", "tight"),
]


def page(viewer: Viewer, campaign: Campaign, query: QueryDict) -> dict[str, Any]:
    """One campaign: countdown, figures of the newest round, projects, the result paper."""
    today, unit_id = clock.today(), campaign.organisation_id
    progress = progress_of(viewer, campaign)
    state = campaign.state_on(today)
    unit = names_of_organisations([unit_id]).get(unit_id, "") if unit_id else ""
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
        # The kept words speak of the whole list: whoever sees a part of it gets his own figures.
        "result": (viewer.sees_everything and campaign.result_text)
        or draft(campaign, unit, progress),
        "is_kept": viewer.sees_everything and bool(campaign.result_text),
        "has_begun": state is not CampaignState.COMING,
    }


def draft(campaign: Campaign, unit: str, progress: Progress | None) -> str:
    """The result paper's first words, every figure from the newest closed round."""
    number = f"（{campaign.plan_number}）" if campaign.plan_number else ""
    led = f"，由{unit}牵头" if unit else ""
    lines = [
        f"{campaign.name}情况总结",
        f"根据{campaign.plan_paper}{number}，{campaign.name}自{_day(campaign.from_on)}开始，"
        f"至{_day(campaign.last_on)}结束{led}。",
    ]
    if campaign.end_reason:
        lines.append(f"按{campaign.end_reason}提前结束。")
    if progress is None:
        return "\n".join([*lines, "所用清单还没有锁定的月报，暂无数字。"])
    told = progress.figures
    done = told["completed_yuan"]
    lines.append(
        f"行动涉及项目{told['projects']}个，年度计划投资{wan_words(told['annual_plan_yuan'])}。"
        + (f"{progress.standing.title}完成投资{wan_words(done)}" if done is not None else "")
        + (f"，完成年度计划的{told['completion_rate']}%" if told["completion_rate"] else "")
        + ("。" if done is not None else "")
    )
    if progress.since_yuan is not None:
        basis = f"{progress.before.round.period.label}锁定数" if progress.before else "年初"
        lines.append(f"与{basis}相比，行动以来完成投资{wan_words(progress.since_yuan)}。")
    if told["without_data"]:
        lines.append(f"其中{told['without_data']}个项目没有数据，未计入完成数。")
    lines.append(f"数据{progress.standing.basis}。")
    return "\n".join(lines)


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
