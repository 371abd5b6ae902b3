"""Cadences of forms, states of complaints, and what forms and pages say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models


class FormCadence(models.TextChoices):
    """How often a registered form is filled in."""

    ONCE = "once", "一次"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季"
    HALF_YEAR = "half-year", "每半年"
    YEAR = "year", "每年"


class ComplaintSubject(models.TextChoices):
    """What a unit says is asked twice."""

    MONTH = "month", "月报"
    FORM = "form", "已登记的表"
    OTHER = "other", "没有登记的表"


class ComplaintState(models.TextChoices):
    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "属实"
    REFUSED = "refused", "不属实"


class Source(models.TextChoices):
    """Where the asking comes from; its cells are counted apart."""

    REPORTS = "reports", "月报"
    QUESTIONS = "questions", "核对疑问"
    APPLICATIONS = "applications", "清单申报"
    OPINIONS = "opinions", "联审意见"
    FORMS = "forms", "登记的表"


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """What somebody who wants a form says of it; `units` empty: every unit that reports."""

    name: str
    organisation_id: int
    basis: str
    cadence: FormCadence
    from_on: date
    until_on: date
    fields: tuple[str, ...]
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Complain:
    """What a unit says is asked twice: the month's report, a registered form, or another one."""

    organisation_id: int
    subject: ComplaintSubject
    text: str
    form_id: int | None = None
    form_name: str = ""
