"""The page that opens a year: what can be rolled over, and what came of it."""

from __future__ import annotations

from typing import Any

from guatu.core import clock
from guatu.ledger.models import ProjectList
from guatu.ledger.types import ListState
from guatu.reporting.models import Round
from guatu.reporting.services.roll_over import Carried, OpenYear, YearOpened, years_opened
from guatu.reporting.types import RoundState
from guatu.ui.forms import SiteForm, choice


class OpenYearForm(SiteForm):
    """From which year to the next, and how the new lists stand at first."""

    from_year = choice("由哪一年结转")
    state = choice(
        "新清单先作", [("provisional", "草稿，印发前暂用"), ("approved", "已批，待印发")]
    )

    def __init__(self, data: Any = None) -> None:
        years = sorted(set(ProjectList.objects.values_list("year", flat=True)), reverse=True)
        done = years_opened()
        offered = [
            (str(one), f"{one}年 → {one + 1}年{'（已结转）' if one + 1 in done else ''}")
            for one in years
        ]
        super().__init__(data, options={"from_year": offered})

    def command(self) -> OpenYear:
        """What the service is to do."""
        year = int(self.cleaned_data["from_year"])
        is_provisional = self.cleaned_data["state"] == "provisional"
        return OpenYear(year + 1, year, is_provisional=is_provisional)


def year_page(form: OpenYearForm) -> dict[str, Any]:
    """The form with what still stands in the way of the newest year."""
    newest = ProjectList.objects.order_by("-year").first()
    rows = Round.objects.filter(state=RoundState.OPEN).select_related("list", "period")
    waiting = list(rows.filter(list__year=newest.year).order_by("pk")[:50]) if newest else []
    return {"form": form, "newest": newest, "open_rounds": waiting, "today": clock.today()}


def opened_words(opened: YearOpened) -> list[str]:
    """What was done, a sentence for each list."""
    return [carried_words(one) for one in opened.lists]


def carried_words(one: Carried) -> str:
    """What became of one list."""
    if one.is_kept:
        told = (
            f"{one.listing}已经印发，不另建：上年结转项目中{one.carried}个在列，"
            f"上年竣工{one.completed}个"
        )
        if one.not_listed:
            told += f"；上年没有竣工的还有{one.not_listed}个不在列，应列入的请办清单调整"
        return told
    told = (
        f"已建立{one.listing}（{ListState(one.listing.state).label}）：结转{one.carried}个，"
        f"其中续建{one.continuing}个、未开工{one.not_started}个；"
        f"上年竣工{one.completed}个不再列入"
    )
    if one.past_due:
        told += f"；{one.past_due}个已过首次承诺的竣工年度"
    if one.without_lead:
        told += f"；{one.without_lead}个到{one.listing.year}年1月1日没有责任单位，请补上"
    return told
