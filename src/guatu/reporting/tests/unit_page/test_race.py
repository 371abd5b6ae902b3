"""Two of a unit send in the same report at once: one enters, the other is told.

Real threads, each with its own connection; so nothing here is undone by a rollback.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from guatu.core.errors import Conflict, GuatuError
from guatu.journal.models import Entry
from guatu.reporting.models import Figure, Report
from guatu.reporting.services import submit as submitting
from guatu.reporting.services.submit import SubmitReport, submit_report
from guatu.reporting.tests.desk import IntakeDesk, make_desk
from guatu.reporting.tests.unit_page.test_submit import command
from guatu.reporting.types import INVESTMENT
from tests.factories import make_cast

AT_ONCE = 6


@pytest.fixture
def racing(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(make_cast(), tmp_path)


def race(desk: IntakeDesk) -> list[Any]:
    """What became of several that were typed on the same form and sent in together."""
    actor, start = desk.people.act_as("reporter"), threading.Barrier(AT_ONCE)
    commands = [command(desk, year=900 + n) for n in range(AT_ONCE)]
    done: list[Any] = []

    def send(told: SubmitReport) -> None:
        start.wait()
        try:
            done.append(submit_report(actor, told).report)
        except (GuatuError, OperationalError) as error:
            done.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(one,)) for one in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_of_several_forms_at_once_one_enters_and_the_others_are_told(racing: IntakeDesk) -> None:
    done = race(racing)
    assert sum(isinstance(one, Report) for one in done) == 1
    assert sum(isinstance(one, Conflict) for one in done) == AT_ONCE - 1
    assert Report.objects.count() == 1
    assert Entry.objects.filter(act="report.submitted").count() == 1


def test_without_the_comparison_the_last_would_win_unseen(
    racing: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "_require_sendable", lambda known, told: None)
    done = race(racing)
    assert sum(isinstance(one, Report) for one in done) > 1
    assert Figure.objects.filter(indicator__code=INVESTMENT, is_current=False).exists()
