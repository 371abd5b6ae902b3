from __future__ import annotations

from django.test import Client
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.reporting.models import (
    QuickFigure,
)
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import (
    PARK,
    ROAD,
    IntakeDesk,
    project,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT
from tests.tables import report_line

ODD = ("<script>alert(1)</script>", "=1+1", "长" * 10_000)


def test_quick_figures_are_saved_together_and_gone_after_locking(
    desk: IntakeDesk, office: Client
) -> None:
    url = desk.url("quick-figures")
    park, road = (f"value-{project(name).pk}" for name in (PARK, ROAD))

    def post(**fields: str) -> int:
        return office.post(url, {TOKEN_FIELD: new_token(), **fields}).status_code

    assert post(**{park: "1234", road: "  ", "value-x": "1"}) == 302
    assert QuickFigure.objects.count() == 1
    assert post(**{park: "1300", road: "50"}) == 302
    text = office.get(url).content.decode()
    assert 'class="quick">1,300' in text
    assert "50" in text
    for value in ("x", ODD[0], "1e400"):
        wrong = office.post(url, {TOKEN_FIELD: new_token(), park: "77", road: value})
        told = wrong.content.decode()
        assert (wrong.status_code, 'value="77"' in told, "请按万元填数" in told) == (
            422,
            True,
            True,
        )
    assert post() == post(**{park: "", "value": "3"}) == 422
    assert post(**{"value-999999": "3", park: "5"}) == 404
    assert post(**{park: "99999999999999"}) == 422
    assert QuickFigure.objects.count() == 3
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "1,300" not in office.get(url).content.decode()


def test_quick_figures_stand_beside_plan_and_last_figure_of_one_unit(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    url = reverse("quick-figures", args=[october.pk])
    text = office.get(url).content.decode()
    assert '900 <span class="faint">9月30日' in text
    unit = str(desk.people.organisations[OTHER_UNIT])
    chosen = office.get(url, {"unit": unit}).content.decode()
    assert ("科创中心" in chosen, PARK in chosen) == (True, False)
    for odd in ("x", "999999", ODD[2]):
        assert office.get(url, {"unit": odd}).status_code == 200
