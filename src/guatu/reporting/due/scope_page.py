"""The contexts of a limited round's scope: which projects it expects, why, and adding some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.ledger.queries import project_index
from guatu.ledger.request import Viewer
from guatu.reporting.desk.presenters import head
from guatu.reporting.due.forms import AddToRoundForm
from guatu.reporting.due.models import RoundScope
from guatu.reporting.due.scope import scope_of
from guatu.reporting.due.types import ScopeReason
from guatu.reporting.models import Round
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

MOST_LINES = 500


def roster(viewer: Viewer, the_round: Round, query: QueryDict) -> Roster[RoundScope]:
    """The projects of a limited round that the user sees, in the order in which they came."""
    rows = scope_of(the_round).filter(project__in=viewer.projects)
    return Roster(
        f"{the_round}收报范围",
        [
            Column(
                "name",
                "项目",
                lambda row: format_html(
                    '<a href="{}">{}</a>', reverse("project", args=[row.project_id]), row.project
                ),
                "wide",
                is_sortable=True,
                value=lambda row: row.project.name,
            ),
            Column("code", "代码", lambda row: row.project.national_code or "", "tight"),
            Column("cause", "列入原因", lambda row: ScopeReason(row.cause).label, "tight"),
            Column("basis", "依据", lambda row: row.basis),
            Column("at", "时间", lambda row: clock.minute(row.at), "tight", is_sortable=True),
            Column("by", "办理人", lambda row: row.by, "tight"),
        ],
        list(rows.select_related("project").order_by("pk")),
        lambda row: f"{row.project.name}\n{row.project.national_code or ''}\n{row.basis}",
        [Choice("cause", "列入原因", ScopeReason.choices, lambda row: row.cause)],
        search_label="项目、代码或依据",
        empty="本期收整份清单",
        empty_next="只收部分项目的，在月报里对周、旬、半月开始收报时选范围",
        query=query,
    )


def page(
    viewer: Viewer, the_round: Round, query: QueryDict, form: AddToRoundForm | None = None
) -> dict[str, Any]:
    """The page: the projects, and the form that adds some while the round is open."""
    return {
        **head(the_round),
        **roster(viewer, the_round, query).page(),
        "form": form or AddToRoundForm(),
    }


def meant(viewer: Viewer, the_round: Round, lines: Sequence[str]) -> list[int]:
    """The projects of the round's list that some typed codes or names mean, each once.

    Raises BadInput with every line that means none the user sees, or several.
    """
    if len(lines) > MOST_LINES:
        raise BadInput(Fault("names-wrong", f"一次最多{MOST_LINES}个", "请分几次"))
    index = project_index(the_round.list_id)
    found: dict[int, str] = {}
    faults = []
    for line in lines:
        coded = index.coded(line)
        match = index.find(code=None, name=line, region_id=None)
        pk = coded or (None if match.question else match.project_id)
        if pk is None:
            what = f"“{line[:60]}”" + (
                "不止一个" if match.code == "ambiguous-project" else "对不上"
            )
            faults.append(Fault("names-wrong", what, "请写清单里的项目代码或全称"))
        else:
            found[pk] = line
    seen = set(viewer.projects.filter(pk__in=found).values_list("pk", flat=True))
    faults += [
        Fault("names-wrong", f"“{line[:60]}”对不上", "请写清单里的项目代码或全称")
        for pk, line in found.items()
        if pk not in seen
    ]
    if faults:
        raise BadInput(*faults[:20])
    return list(found)
