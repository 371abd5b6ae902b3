"""Kinds of plans, milestones and date facts; what a list import would change, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project that a list brings, as a clerk checks it."""

    name: str
    region: str
    unit: str
    plan_yuan: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a known project that a list changes, in the words of the page."""

    project: str
    field: str
    old: str
    new: str


class PlanKind(models.TextChoices):
    """Several targets stand side by side (M-B9); figures are measured against `assigned`."""

    ASSIGNED = "assigned", "下达"
    PROMISED = "promised", "承诺"
    STRETCH = "stretch", "加码"


class Milestone(models.TextChoices):
    START = "start", "开工"
    COMPLETION = "completion", "竣工"


def milestone_words(name: str) -> str:
    """What a milestone is called: 开工, 竣工, or as the office named one of a programme."""
    return str(Milestone(name).label) if name in Milestone.values else name


class DateKind(models.TextChoices):
    PLANNED = "planned", "计划"
    ACTUAL = "actual", "实际"


class Precision(models.TextChoices):
    """How exactly a date was given; the day stored is the last it can mean."""

    DAY = "day", "日"
    TEN_DAY = "ten-day", "旬"
    MONTH = "month", "月"
    YEAR = "year", "年"


class TargetIndicator(models.TextChoices):
    """What a body's target asks for; the amount is in its unit (M-B9)."""

    INVESTMENT = "investment", "完成投资"
    RATE = "rate", "年度计划完成率"
    STARTS = "starts", "开工个数"
    COMPLETIONS = "completions", "竣工个数"

    @property
    def unit(self) -> str:
        """The unit that amounts are typed and shown in."""
        return {"investment": "万元", "rate": "%"}.get(self.value, "个")


class TargetSubject(models.TextChoices):
    """Whose target it is."""

    TOTAL = "total", "全部"
    REGION = "region", "地区"
    ORGANISATION = "organisation", "责任单位"
