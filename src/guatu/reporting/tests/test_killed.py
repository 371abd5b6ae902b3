"""SIGKILL in the middle of taking a drop in (trust D-5): nothing acknowledged lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connection

from guatu.reporting.models import DeliveredFile, DeliveryLease, Figure, Report
from guatu.reporting.services import deliveries
from guatu.reporting.services.deliveries import Upload, receive, take_in_delivery
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, figure, make_desk
from guatu.reporting.types import DeliveryState, FileState
from tests.factories import make_cast
from tests.tables import report_line

_CHILD = """
    import os, signal, sys
    import django
    django.setup()
    from guatu.organisation.access import console_actor
    from guatu.reporting.models import Delivery
    from guatu.reporting.services import deliveries

    point = int(sys.argv[1])
    usual = deliveries.read_contents

    def dying(files, *, told):
        def tell(done):
            told(done)
            if done == point:
                os.kill(os.getpid(), signal.SIGKILL)
        read = usual(files, told=tell)
        if point >= len(files):
            store = deliveries._finish
            def finish(*args):
                store(*args)
                os.kill(os.getpid(), signal.SIGKILL)
            deliveries._finish = finish
        return read

    deliveries.read_contents = dying
    delivery = Delivery.objects.get()
    deliveries.take_in_delivery(console_actor(), delivery.round, delivery.pk)
"""


def _killed(desk: IntakeDesk, point: int) -> int:
    """Take the drop in within a process that is killed with SIGKILL at a point."""
    environment = {
        **os.environ,
        "GUATU_TODAY": "2026-10-10",
        "GUATU_KILL_DATABASE": str(connection.settings_dict["NAME"]),
    }
    script = textwrap.dedent(_CHILD)
    command = [sys.executable, "-c", _ON_TEST_DATABASE + script, str(point)]
    return subprocess.run(command, env=environment, check=False, capture_output=True).returncode


_ON_TEST_DATABASE = """
import os
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["GUATU_KILL_DATABASE"]
"""


def _forty(desk: IntakeDesk, count: int) -> list[Upload]:
    return [
        desk.file(
            f"{n:02}.csv", report_line(PARK if n % 2 else ROAD, "900", f"P-{1 if n % 2 else 2}")
        )
        for n in range(count)
    ]


def _is_whole_after_kill(desk: IntakeDesk, count: int, point: int) -> None:
    delivery = receive(desk.office, desk.round, "k", _forty(desk, count))
    assert _killed(desk, point) == -signal.SIGKILL
    kept = DeliveredFile.objects.filter(delivery=delivery)
    assert kept.count() == count
    assert not Figure.objects.exists()
    lease = DeliveryLease.objects.get(delivery=delivery)
    assert deliveries.is_resting(lease)
    done = take_in_delivery(desk.office, desk.round, delivery.pk)
    assert done.state == DeliveryState.DONE
    assert not kept.filter(state=FileState.RECEIVED).exists()
    assert (figure(PARK), figure(ROAD)) == (900, 900)
    assert Figure.objects.filter(indicator__code="investment").count() == 2
    assert Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_killed_server_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    _is_whole_after_kill(make_desk(make_cast(), tmp_path), 6, 3)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", [0, 1, 7, 13, 20, 27, 33, 39, 40])
def test_forty_files_survive_a_kill_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    _is_whole_after_kill(make_desk(make_cast(), tmp_path), 40, point)
