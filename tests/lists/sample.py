"""The lists of the sample folder as exact values: what every layout must give back."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from guatu.core.yuan import UNITS

VARIABLE = "GUATU_SAMPLE_DIR"
FILES = (
    PROJECTS := "cn_projects_from_bulletins.csv",
    WATER := "cn_zhejiang_water_2019-07_by_type.csv",
    CITY := "nyc_capital_project_detail_fy2021.csv",
)
GRAND_TOTAL = "总计"
CLASSES = ("中央预算内项目", "中央财政资金")


def sample_folder() -> Path | None:
    """The folder named by GUATU_SAMPLE_DIR, or None where it is not set."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) / "lists" if named else None


def sample_file(name: str) -> Path:
    """One list of the folder."""
    folder = sample_folder()
    assert folder is not None, f"{VARIABLE} is not set"
    return folder / name


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a list as texts."""
    with sample_file(name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Item:
    """One row of a list. Money in yuan, the rate in percent; None where the file says nothing."""

    name: str
    plan: int | None
    done: int | None
    rate: Fraction | None
    place: str = ""
    sector: str = ""
    is_sum: bool = False
    is_grand: bool = False


def chinese_projects() -> list[Item]:
    """Projects named in bulletins, in 亿元 or 万元 as each was printed."""
    return [
        Item(
            name=row["project_name"],
            plan=_yuan(row["year_plan"], row["plan_unit"]),
            done=_yuan(row["year_done"], row["done_unit"]),
            rate=_percent(row["published_year_rate_pct"]),
            place=row["location"],
            sector=row["industry"],
        )
        for row in rows_of(PROJECTS)
    ]


def water_by_type() -> list[Item]:
    """A table by types of projects, with its grand total and the sums of two classes."""
    return [
        Item(
            name=row["类型名称"],
            plan=_yuan(row["年度计划(万元)"], "万元"),
            done=_yuan(row["计划完成(万元)"], "万元"),
            rate=_percent(row["年度计划完成率%"]),
            is_sum=row["类型名称"] in (GRAND_TOTAL, *CLASSES),
            is_grand=row["类型名称"] == GRAND_TOTAL,
        )
        for row in rows_of(WATER)
    ]


def data_items(items: list[Item]) -> Iterator[Item]:
    """The projects, without the sums."""
    return (item for item in items if not item.is_sum)


def _yuan(number: str, unit: str) -> int | None:
    if not number:
        return None
    yuan = Decimal(number) * UNITS[unit]
    assert yuan == int(yuan), number
    return int(yuan)


def _percent(number: str) -> Fraction | None:
    return Fraction(number) if number else None
