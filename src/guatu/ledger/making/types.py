"""States, answers, decisions and kinds of versions in making the year's list (M-A10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models


class CallState(models.TextChoices):
    OPEN = "open", "收申报"
    CLOSED = "closed", "已截止"
    ISSUED = "issued", "已印发"


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "暂存"
    SUBMITTED = "submitted", "已申报"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Decision(models.TextChoices):
    """What becomes of an application; each but IN needs a reason."""

    NONE = "", "未定"
    IN = "in", "列入"
    RESERVE = "reserve", "储备"
    OUT = "out", "不列入"


class Readiness(models.TextChoices):
    """How far a condition of starting is: 土地, 资金, 审批."""

    UNSAID = "", "未填"
    DONE = "done", "已落实"
    UNDERWAY = "underway", "办理中"
    LACKING = "lacking", "未落实"
    NOT_NEEDED = "not-needed", "不涉及"


class Stance(models.TextChoices):
    AGREE = "agree", "同意"
    CONDITIONAL = "conditional", "有条件同意"
    DISAGREE = "disagree", "不同意"


class VersionKind(models.TextChoices):
    """The drafts of a list in their order, as offices call them."""

    APPLIED = "applied", "申报稿"
    REVIEWED = "reviewed", "送审稿"
    ISSUED = "issued", "印发稿"
    ADJUSTED = "adjusted", "调整稿"


class AdjustmentKind(models.TextChoices):
    ADMITTED = "admitted", "增列"
    EXITED = "exited", "退出"
    REPLANNED = "replanned", "调整计划"


SETTLED = frozenset({Readiness.DONE, Readiness.NOT_NEEDED})
"""Conditions that nothing is missing of."""


@dataclass(frozen=True, slots=True)
class CallWords:
    """What a call says: the year and name of the list to be made, and when units apply."""

    year: int
    name: str
    opens_on: date
    closes_on: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationWords:
    """What a unit writes of a project; money in yuan, months as their last day."""

    name: str
    region_id: int
    nature: str
    national_code: str = ""
    project_id: int | None = None
    sector_id: int | None = None
    site: str = ""
    content: str = ""
    owner: str = ""
    total_yuan: int | None = None
    plan_yuan: int | None = None
    starts_by: date | None = None
    completes_by: date | None = None
    land: str = Readiness.UNSAID
    land_note: str = ""
    money: str = Readiness.UNSAID
    money_note: str = ""
    approvals: str = Readiness.UNSAID
    approvals_note: str = ""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One line of a list's version, as it is frozen: names, not references, but for the ids.

    `project_id` is None before the project is in the ledger; then `application_id` tells who it
    is. Money in yuan, months as `2027-03`.
    """

    serial_no: int
    name: str
    project_id: int | None = None
    application_id: int | None = None
    code: str = ""
    region: str = ""
    sector: str = ""
    unit: str = ""
    owner: str = ""
    nature: str = ""
    content: str = ""
    total_yuan: int | None = None
    plan_yuan: int | None = None
    starts_by: str = ""
    completes_by: str = ""
    decision: str = Decision.IN
    reason: str = ""

    @property
    def key(self) -> str:
        """Who the line is of, between versions made before and after issuing."""
        return f"a{self.application_id}" if self.application_id else f"p{self.project_id}"
