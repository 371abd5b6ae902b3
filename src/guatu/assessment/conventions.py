"""How this city computes and prints: digits, rounding, denominators (figures.md, M-D1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from guatu.assessment.types import Content
from guatu.core.periods import PeriodKey, days_progress, months_progress
from guatu.core.ratio import Ratio, Rounding, gap_text, percent_text, printed_difference
from guatu.core.workdays import WorkCalendar
from guatu.planning.slices import share_at


@dataclass(frozen=True, slots=True)
class Conventions:
    """One set of settings of a run. Texts are those of the city settings and the flags.

    `workdays` are no setting: the office's own lines of the calendar as the judged content holds
    them (`2026-10-10=1,2026-10-12=0`), kept with the run so that its reasons can be told again.
    Nor is `curve`: the points of the decreed curve that the content holds (`2026-06-30=1/2`), where
    `time_progress` is to follow it.
    """

    digits: str = "1"
    rounding: str = "half-up"
    gap: str = "unrounded"
    time_progress: str = "months"
    start_rate: str = "planned"
    package_count: str = "listed"
    workdays: str = ""
    curve: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, str], overrides: Mapping[str, str | None]) -> Conventions:
        """City settings with the flags of one command over them (None: not given).

        Both are checked where they come in (`check_settings`).
        """
        overrides = {
            # A flag for one measure leaves the city's rule for the others.
            key: f"{settings[key]},{given}"
            if given and "=" in given and key in ("digits", "rounding")
            else given
            for key, given in overrides.items()
        }
        chosen = {
            key: given if (given := overrides.get(key)) is not None else settings[key]
            for key in ("digits", "rounding", "gap", "time-progress", "start-rate", "package-count")
        }
        return cls(**{key.replace("-", "_"): value for key, value in chosen.items()})

    def on_days(self, workdays: Iterable[tuple[date, bool]]) -> Conventions:
        """The same under the office's own working days of a content."""
        told = (f"{day.isoformat()}={int(is_worked)}" for day, is_worked in sorted(workdays))
        return replace(self, workdays=",".join(told))

    def of_content(self, content: Content) -> Conventions:
        """The same under what a content holds of working days and of the decreed curve."""
        told = self.on_days(content.workdays)
        if not self.is_paced_by_curve or content.curve is None:
            return told
        points = (f"{on.isoformat()}={share}/{of}" for on, share, of in content.curve.points)
        return replace(told, curve=",".join(points))

    @property
    def points(self) -> dict[date, Ratio]:
        """The decreed curve: what share of the year is to be done by a day; empty without one."""
        told = (part.replace("/", "=").split("=") for part in self.curve.split(",") if part)
        return {date.fromisoformat(on): Ratio(int(share), int(of)) for on, share, of in told}

    @property
    def calendar(self) -> WorkCalendar:
        """The published holidays with the office's own lines over them."""
        lines = (line.split("=") for line in self.workdays.split(",") if line)
        return WorkCalendar({date.fromisoformat(day): worked == "1" for day, worked in lines})

    def digits_for(self, measure: str) -> int:
        """Decimal places of a percentage."""
        table = _by_measure(self.digits)
        return int(table.get(measure, table.get("", "1")))

    def rounding_for(self, measure: str) -> Rounding:
        """Half up or cut off."""
        table = _by_measure(self.rounding)
        return Rounding(table.get(measure, table.get("", Rounding.HALF_UP)))

    @property
    def is_paced_by_plans(self) -> bool:
        """Whether time progress is the projects' own planned share, not the calendar's."""
        return self.time_progress == "plan"

    @property
    def is_paced_by_curve(self) -> bool:
        """Whether time progress is what the decreed curve asks for (M-B2)."""
        return self.time_progress == "curve"

    def decreed_or_elapsed(self, period: PeriodKey) -> Ratio | None:
        """Time progress of a period; None where it comes from the projects' own plans. Where the
        curve is to tell it and there is none, the months do."""
        if self.curve:
            return share_at(self.points, period.last_on)
        if self.time_progress in ("months", "curve"):
            return months_progress(period)
        if self.time_progress == "days":
            return days_progress(period)
        if self.is_paced_by_plans:
            return None
        share = Fraction(self.time_progress.removeprefix("decreed:")) / 100
        return Ratio(*share.as_integer_ratio())

    def percent(self, measure: str, ratio: Ratio | None) -> str | None:
        """A ratio as a printed percentage; None stays None."""
        return None if ratio is None else self._printed(measure, ratio)

    def _printed(self, measure: str, ratio: Ratio) -> str:
        return percent_text(*ratio, self.digits_for(measure), self.rounding_for(measure))

    def gap_points(self, rate: Ratio | None, progress: Ratio | None) -> str | None:
        """Rate minus time progress in percentage points, as printed.

        An office that subtracts rounded figures subtracts what it prints of each, with the
        digits and the rounding of each.
        """
        if rate is None or progress is None:
            return None
        if self.gap == "rounded":
            shown = (("completion_rate", rate), ("time_progress", progress))
            return printed_difference(*(self._printed(name, ratio) for name, ratio in shown))
        name = "gap_to_time_progress"
        return gap_text(rate, progress, self.digits_for(name), self.rounding_for(name))

    def as_json(self) -> dict[str, str]:
        """The settings as stored beside a run; own working days only where there are any, so
        that the runs of before keep their settings."""
        days = {"workdays": self.workdays} if self.workdays else {}
        curve = {"curve": self.curve} if self.curve else {}
        return {
            **days,
            **curve,
            "digits": self.digits,
            "gap": self.gap,
            "package_count": self.package_count,
            "rounding": self.rounding,
            "start_rate": self.start_rate,
            "time_progress": self.time_progress,
        }


def _by_measure(text: str) -> dict[str, str]:
    """`"1"` → `{"": "1"}`; `"completion_rate=2,start_rate=0"` → by measure."""
    table: dict[str, str] = {}
    for part in text.split(","):
        name, sep, value = part.partition("=")
        table[name if sep else ""] = value if sep else name
    return table
