"""Kinds of bodies and roles in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models


class BodyKind(models.TextChoices):
    LEADING_GROUP = "leading-group", "领导小组"
    HEADQUARTERS = "headquarters", "指挥部"
    OFFICE = "office", "办公室"
    TASK_FORCE = "task-force", "专班"


class MemberRole(models.TextChoices):
    HEAD = "head", "组长（指挥长、主任）"
    DEPUTY = "deputy", "副组长（副指挥长、副主任）"
    MEMBER = "member", "成员"
    SECRETARY = "secretary", "办公室负责人"


class BodyState(models.TextChoices):
    """How a body stands on a day; never stored."""

    COMING = "coming", "未到日期"
    LIVING = "living", "在运行"
    OVERDUE = "overdue", "期限已过"
    ENDED = "ended", "已撤销"


@dataclass(frozen=True, slots=True)
class SaveBody:
    """What a form says of a body."""

    name: str
    kind: BodyKind
    founding_paper: str
    founding_number: str
    organisation_id: int | None
    from_on: date
    term_to: date | None
