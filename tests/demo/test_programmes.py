"""The demo's programmes: reported over three months beside the month that the clerk finds."""

from __future__ import annotations

import pytest
from django.db import transaction

from guatu.demo.accounts import create_logins
from guatu.demo.programmes import LIST, LOCKED, make_programmes
from guatu.ledger.models import ProjectList
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.types import ReportState, RoundState
from tests.demo.conftest import Desk

pytestmark = pytest.mark.django_db


def test_one_counts_and_one_reaches_milestones_without_touching_the_city(desk: Desk) -> None:
    with transaction.atomic():
        others = ProjectList.objects.get(year=LIST.year).entries.count()
        create_logins(desk.actor)
        listing = make_programmes(desk.actor)
        assert listing is not None
        rounds = Round.objects.filter(list=listing).order_by("period__last_on")
        states = dict(rounds.values_list("period__key", "state"))
        reports = Report.objects.filter(project__entries__list=listing)
        waiting = reports.filter(state=ReportState.SUBMITTED)
        piles = Figure.objects.filter(indicator__code="charging-piles", is_current=True)
        reached = DateFact.objects.filter(kind=DateKind.ACTUAL, milestone="系统试运行")
        assert states == {
            **dict.fromkeys(LOCKED, RoundState.CLOSED),
            "2026-10": RoundState.OPEN,
        }
        assert list(piles.order_by("as_of").values_list("value", flat=True)) == [320, 395, 460]
        assert reports.count() == 5
        assert [one.project.name for one in waiting] == ["便民充电行动（虚构）"]
        assert reached.count() == 1
        assert ProjectList.objects.get(year=LIST.year, name="重点项目").entries.count() == others
        transaction.set_rollback(True)
