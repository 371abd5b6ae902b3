"""Two reviewers decide about the same report at once: one verdict holds, the other is told.

Real threads, each with its own connection; so nothing here is undone by a rollback.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from guatu.core.errors import Conflict, GuatuError
from guatu.journal.models import Entry
from guatu.reporting.models import Report
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.services import review
from guatu.reporting.services.review import accept_reports, return_reports
from guatu.reporting.tests.desk import IntakeDesk, make_desk
from guatu.reporting.tests.unit_page.test_review import sent, versions
from guatu.reporting.types import ReportState
from tests.factories import make_cast

VERDICTS = ("reports.accepted", "reports.returned")


@pytest.fixture
def racing(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(make_cast(), tmp_path)


def race(desk: IntakeDesk) -> list[Any]:
    """What became of three acceptances and three returns of what all saw in the same state."""
    chosen = versions(sent(desk))
    start = threading.Barrier(6)
    done: list[Any] = []

    def accept(who: str) -> list[Report]:
        return accept_reports(desk.people.act_as(who), chosen)

    def give_back(who: str) -> list[Report]:
        return return_reports(desk.people.act_as(who), chosen, reason="请核实")

    def decide(act: Callable[[str], list[Report]], who: str) -> None:
        start.wait()
        try:
            done.append(act(who))
        except (GuatuError, OperationalError) as error:
            done.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=(act, who))
        for act in (accept, give_back)
        for who in ("office", "second_office", "office")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_of_several_verdicts_at_once_one_holds(racing: IntakeDesk) -> None:
    done = race(racing)
    assert sum(isinstance(one, list) for one in done) == 1
    assert sum(isinstance(one, Conflict) for one in done) == 5
    assert ReviewNote.objects.count() == 1
    assert Entry.objects.filter(act__in=VERDICTS).count() == 1
    is_accepted = ReviewNote.objects.get().verdict == "accepted"
    expected = ReportState.ACCEPTED if is_accepted else ReportState.RETURNED
    assert Report.objects.get().state == expected


def test_without_the_comparison_several_verdicts_stand(
    racing: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "_require_standing", lambda *_: None)
    done = race(racing)
    assert sum(isinstance(one, list) for one in done) > 1
    assert ReviewNote.objects.count() > 1
