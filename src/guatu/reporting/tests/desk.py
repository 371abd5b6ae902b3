"""A list with an open round, what units send, and the office's browser, for the desk's tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.journal.types import Actor
from guatu.ledger.models import Project
from guatu.ledger.queries import find_list
from guatu.organisation.models import User
from guatu.reporting.models import Delivery, Figure, IntakeQuestion, Round
from guatu.reporting.services.deliveries import Upload, receive, take_in_delivery
from guatu.reporting.services.rounds import start_round
from guatu.reporting.types import INVESTMENT, QuestionState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, Cast
from tests.tables import project_row, put_list, put_report, take_list

PARK, ROAD, PLANT = "江北新材料产业园", "滨江路改造", "污水厂"
PERIOD = "2026-09"
WAN = 10_000


@dataclass(frozen=True)
class IntakeDesk:
    """The open round of a list of five projects."""

    people: Cast
    folder: Path
    round: Round

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    def file(self, name: str, *lines: dict[str, Cell]) -> Upload:
        path = put_report(self.folder / name, *lines)
        return Upload(name, path.read_bytes())

    def take(self, *uploads: Upload, key: str = "") -> Delivery:
        delivery = receive(self.office, self.round, key or new_token(), uploads)
        return take_in_delivery(self.office, self.round, delivery.pk)

    def browser(self, name: str = "office") -> Client:
        client = Client()
        user = User.objects.get(pk=getattr(self.people, name).pk)
        client.force_login(user, backend="guatu.organisation.backend.Accounts")
        return client

    def url(self, name: str, **ids: int) -> str:
        return reverse(name, kwargs={"round_id": self.round.pk, **ids})

    def drop(
        self, client: Client, *uploads: Upload, token: str = "", **fields: str
    ) -> HttpResponse:
        files = [SimpleUploadedFile(one.name, one.content or b"") for one in uploads]
        data = {TOKEN_FIELD: token or new_token(), "files": files, **fields}
        return client.post(self.url("intake-deliver"), data)  # type: ignore[return-value]

    def answer(
        self, question: IntakeQuestion, pressed: str, *, htmx: bool = False, **fields: str
    ) -> HttpResponse:
        data = {TOKEN_FIELD: new_token(), "answer": pressed, **fields}
        url = self.url("intake-answer", question_id=question.pk)
        headers = {"HX-Request": "true"} if htmx else {}
        return self.browser().post(url, data, headers=headers)  # type: ignore[return-value]


def make_desk(people: Cast, folder: Path) -> IntakeDesk:
    lines = (
        project_row(PARK, "P-1"),
        project_row(ROAD, "P-2"),
        project_row(PLANT, 所属地区="江北区"),
        project_row(PLANT, 所属地区="临江区", 责任单位=OTHER_UNIT),
        project_row("科创中心", "P-5", 责任单位=OTHER_UNIT),
    )
    take_list(people.console, put_list(folder / "清单.csv", *lines))
    the_round = start_round(people.act_as("office"), find_list(2026, None), parse_period(PERIOD))
    return IntakeDesk(people, folder, the_round)


def figure(name: str) -> int | None:
    """The figure in force this month, in 万元."""
    found = Figure.objects.filter(
        project__name=name,
        as_of=parse_period(PERIOD).as_of,
        indicator__code=INVESTMENT,
        is_current=True,
    ).first()
    return None if found is None or found.value is None else found.value // WAN


def question(code: str) -> IntakeQuestion:
    """The one open question of a code."""
    return IntakeQuestion.objects.get(code=code, state=QuestionState.OPEN)


def project(name: str) -> Project:
    return Project.objects.get(name=name)


def page(desk: IntakeDesk, client: Client) -> str:
    """The desk's page as a browser gets it."""
    return client.get(desk.url("intake")).content.decode()


def open_codes() -> list[str]:
    """The codes of the questions that nobody has answered."""
    rows = IntakeQuestion.objects.filter(state=QuestionState.OPEN).order_by("code")
    return list(rows.values_list("code", flat=True))


def question_forms(text: str) -> list[str]:
    """The questions of a page, each as its form."""
    return re.findall(r'<form class="question".*?</form>', text, re.DOTALL)
