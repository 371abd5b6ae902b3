"""The year's assignment as the annex of its paper: by leader, docx, landscape A4 (M-A6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import count

from guatu.engines.gongwen.landscape import WideAnnex, render_wide
from guatu.engines.gongwen.numbering import chinese_number
from guatu.engines.gongwen.types import Align, Column, HeadCell, Row, Table
from guatu.ledger.models import ListEntry, ProjectList, Responsibility
from guatu.ledger.queries import in_force
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.wall.viewer import Viewer

_HEADS = (
    ("序号", 28, Align.CENTER, None),
    ("项目名称", 165, Align.LEFT, None),
    ("所属地区", 66, Align.CENTER, None),
    ("责任单位", 120, Align.LEFT, ResponsibilityRole.LEAD),
    ("属地", 90, Align.LEFT, ResponsibilityRole.TERRITORY),
    ("联络员", 60, Align.CENTER, ResponsibilityRole.LIAISON),
    ("业主", 120, Align.LEFT, ResponsibilityRole.OWNER),
)
_NOBODY = "未明确包联领导"


def assignments_name(listing: ProjectList) -> str:
    """What the annex is called."""
    return f"{listing}领导包联责任分工表"


def assignments_docx(viewer: Viewer, listing: ProjectList, on: date) -> bytes:
    """Every project that stands on a list and that the viewer sees, under its leader, with who
    answers for it on that day. Five queries."""
    entries = ListEntry.objects.filter(
        list=listing, left_on__isnull=True, project__in=viewer.projects
    ).select_related("project")
    by_leader: dict[str, list[ListEntry]] = defaultdict(list)
    rows = list(entries.order_by("serial_no", "pk"))
    borne = _borne([one.project_id for one in rows], on)
    for one in rows:
        by_leader[borne.get((one.project_id, ResponsibilityRole.LEADER), _NOBODY)].append(one)
    regions = organisation.region_names(on).official
    lines: list[Row] = []
    ordered = sorted(by_leader.items(), key=lambda pair: pair[0] == _NOBODY)
    serials = count(1)
    for at, (leader, members) in enumerate(ordered, 1):
        head = (chinese_number(at), f"{leader}（{len(members)}个）", *[""] * (len(_HEADS) - 2))
        lines.append(Row(head, bold=True, keeps_next=True))
        for one in members:
            bearers = [borne.get((one.project_id, role), "") for *_, role in _HEADS[3:] if role]
            region = regions.get(one.project.region_id, "")
            lines.append(Row((str(next(serials)), one.project.name, region, *bearers)))
    if lines:
        # The note below is not left alone on a page.
        lines[-1] = replace(lines[-1], keeps_next=True)
    table = Table(
        tuple(Column(share, align) for _, share, align, _ in _HEADS),
        (tuple(HeadCell(label) for label, *_ in _HEADS),),
        tuple(lines),
    )
    notes = (f"注：按{on.year}年{on.month}月{on.day}日的责任登记。",)
    return render_wide(WideAnnex(assignments_name(listing), table, notes=notes))


def _borne(project_ids: list[int], on: date) -> dict[tuple[int, str], str]:
    """Names of who bears each role on a day."""
    rows = Responsibility.objects.filter(in_force(on), project_id__in=project_ids).select_related(
        "person"
    )
    units = organisation.organisation_names(on).official
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in rows.order_by("valid_from", "pk"):
        name = one.person.name if one.person else units.get(one.organisation_id or 0, "")
        found[one.project_id, one.role].append(name)
    return {key: "、".join(names) for key, names in found.items()}
