"""Cadences of campaigns, and what a form says of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models


class Cadence(models.TextChoices):
    """How often the campaign's projects are asked beside the monthly rounds."""

    MONTH = "month", "随月报"
    HALF_MONTH = "half-month", "每半月"
    WEEK = "week", "每周"


class CampaignState(models.TextChoices):
    """How a campaign stands on a day; never stored, so that it ends by itself."""

    COMING = "coming", "未开始"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"


@dataclass(frozen=True, slots=True)
class SaveCampaign:
    """What a form says of a campaign."""

    name: str
    list_id: int
    from_on: date
    until_on: date
    plan_paper: str
    plan_number: str
    body_id: int | None
    organisation_id: int | None
    cadence: Cadence
