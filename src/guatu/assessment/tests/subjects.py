"""Subjects and contents of snapshots as plain values, and how hypothesis draws them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed, assess
from guatu.assessment.types import Content, FrozenFigure, RegionRow, Subject
from guatu.core.periods import parse_period
from guatu.engines.rulebook import find_book
from guatu.ledger.types import Nature

AS_OF = date(2026, 9, 30)
YEAR_AGO = date(2025, 9, 30)
REGIONS = (
    RegionRow(1, "江源市", "", "root"),
    RegionRow(2, "江北区", "990102", "county"),
    RegionRow(3, "临江区", "990103", "county"),
    RegionRow(4, "望湖县", "", "county"),
    RegionRow(5, "高新区", "", "zone"),
    RegionRow(6, "经开区", "", "zone"),
)
REGION_IDS = {region.name: region.id for region in REGIONS}


def a_subject(number: int = 1, **values: Any) -> Subject:
    """A new project, 9,000 of 12,000 done; `done`, `ago` and `mark` are short forms.

    Its figures are of `on` and `ago_on`.
    """
    on, ago_on = values.pop("on", AS_OF), values.pop("ago_on", YEAR_AGO)
    done, ago = values.pop("done", 9_000), values.pop("ago", None)
    mark = values.pop("mark", "")
    region = values.setdefault("region", "江北区")
    figures = [] if ago is None else [FrozenFigure(ago_on, ago, "")]
    if done is not None:
        figures.append(FrozenFigure(on, done, mark))
    usual: dict[str, Any] = {
        "id": number,
        "serial": number,
        "code": f"P-{number}",
        "name": f"项目{number}",
        "region_id": REGION_IDS.get(region, 1),
        "unit_id": 7,
        "unit": "江北区发展改革局",
        "sector": "工业",
        "nature": Nature.NEW.value,
        "is_appraised": True,
        "parts": 1,
        "total_yuan": 50_000,
        "plan_yuan": 12_000,
        "slice_yuan": None,
        "planned_start": None,
        "actual_start": None,
        "planned_completion": None,
        "actual_completion": None,
        "is_registered": None,
        "judgements": {},
        "report_state": "accepted",
        "progress": "",
        "problem": "",
        "investment": figures,
        "investment_total": [],
    }
    return Subject(**{**usual, **values})


def a_content(*subjects: Subject, period: str = "2026-09") -> Content:
    """A snapshot's content of these subjects."""
    key = parse_period(period)
    return Content(
        list_name="重点项目",
        year=key.year,
        period=period,
        as_of=key.as_of,
        cut_off_on=key.as_of,
        revision=1,
        regions=list(REGIONS),
        subjects=list(subjects),
    )


def assessed(
    *subjects: Subject,
    book: str = "default",
    period: str = "2026-09",
    is_ranked: bool = False,
    **conventions: Any,
) -> Assessed:
    """The subjects assessed."""
    return assess(
        a_content(*subjects, period=period),
        find_book(book),
        Conventions(**conventions),
        by=GROUPINGS,
        is_ranked=is_ranked,
    )


_DAYS = st.none() | st.dates(date(2025, 6, 1), date(2027, 3, 31))
_MONEY = st.none() | st.integers(0, 10**13)


@st.composite
def subjects_drawn(draw: st.DrawFn, most: int = 8) -> list[Subject]:
    """Up to eight subjects of every kind."""
    return [
        a_subject(
            number,
            region=draw(st.sampled_from(list(REGION_IDS))),
            unit=draw(st.sampled_from(["", "甲局", "乙局"])),
            sector=draw(st.sampled_from(["", "工业", "交通"])),
            nature=draw(st.sampled_from([n.value for n in Nature])),
            is_appraised=draw(st.booleans()),
            parts=draw(st.integers(1, 9)),
            plan_yuan=draw(_MONEY),
            done=draw(_MONEY),
            ago=draw(_MONEY),
            planned_start=draw(_DAYS),
            actual_start=draw(_DAYS),
        )
        for number in range(1, draw(st.integers(0, most)) + 1)
    ]
