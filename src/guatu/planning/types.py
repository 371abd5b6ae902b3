"""Kinds of plans, milestones and date facts."""

from __future__ import annotations

from django.db import models


class PlanKind(models.TextChoices):
    """Several targets stand side by side (M-B9); figures are measured against `assigned`."""

    ASSIGNED = "assigned", "下达"
    PROMISED = "promised", "承诺"
    STRETCH = "stretch", "加码"


class Milestone(models.TextChoices):
    START = "start", "开工"
    COMPLETION = "completion", "竣工"


class DateKind(models.TextChoices):
    PLANNED = "planned", "计划"
    ACTUAL = "actual", "实际"


class Precision(models.TextChoices):
    """How exactly a date was given; the day stored is the last it can mean."""

    DAY = "day", "日"
    TEN_DAY = "ten-day", "旬"
    MONTH = "month", "月"
    YEAR = "year", "年"
