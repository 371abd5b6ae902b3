"""City settings, switches and the calendar, each with its changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.core import clock
from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook import parts_of_limits
from guatu.organisation.models import Holiday, Setting, Switch
from guatu.organisation.rules import holders_of
from guatu.organisation.types import (
    DECREED,
    MEASURES,
    SETTINGS,
    SWITCHES_IN_USE,
    SettingSpec,
    SwitchName,
)


@dataclass(slots=True)
class SettingRow:
    """A city setting: what it means, what it may be, what it is and since when."""

    spec: SettingSpec
    value: str
    last: Setting | None

    @property
    def label(self) -> str:
        """The value in Chinese."""
        if self.spec.limits_of:
            stated = parts_of_limits(self.value)
            return "，".join(f"{name}{value}" for name, value in stated) or "按规则原文"
        return value_label(self.value)

    @property
    def choices(self) -> list[str]:
        """What it may be, in Chinese."""
        return [value_label(one) for one in self.spec.answers]

    @property
    def default_label(self) -> str:
        """What it is when nobody has changed it, in Chinese."""
        return "按规则原文" if self.spec.limits_of else value_label(self.spec.default)

    @property
    def is_for(self) -> str:
        """Who may change it."""
        return holders_of(self.spec.right)


_VALUES = {
    "unrounded": "先减后舍",
    "rounded": "先舍后减",
    "planned": "计划开工数",
    "due": "应开工数",
    "all": "全部项目数",
    "underway": "在建加完工÷全部",
    "resumed": "开复工率",
    "months": "按月",
    "days": "按日",
    "plan": "按项目自身计划",
    "curve": "按清单的规定曲线",
    "decreed": "规定百分数",
    "half-up": "四舍五入",
    "truncate": "去尾",
    "listed": "按一个计",
    "unpacked": "拆分计",
    "yes": "是",
    "no": "否",
}


def value_label(value: str) -> str:
    """A setting's value in Chinese: `四舍五入，开工率去尾`, `规定百分数25%`; text as it is."""
    common, own = parts_of(value)
    if DECREED in own:
        return f"{_VALUES[DECREED]}{own[DECREED]}%"
    told = [f"{MEASURES[name]}{_VALUES.get(one, one)}" for name, one in own.items()]
    return "，".join([_VALUES.get(common, common), *told] if common or not told else told)


def parts_of(value: str) -> tuple[str, dict[str, str]]:
    """The value for all measures and those of single ones; `decreed:25` with its percentage."""
    if value.startswith(f"{DECREED}:"):
        return DECREED, {DECREED: value.removeprefix(f"{DECREED}:")}
    parts = dict(part.split("=", 1) for part in value.split(",") if "=" in part)
    if not parts or not parts.keys() <= MEASURES.keys():
        return value, {}
    values = list(parts.values())
    common = max(values, key=values.count) if parts.keys() == MEASURES.keys() else ""
    return common, {name: one for name, one in parts.items() if one != common}


def settings() -> list[SettingRow]:
    """All city settings with their newest change."""
    newest = {row.key: row for row in Setting.objects.order_by("pk")}
    return [
        SettingRow(spec, newest[key].value if key in newest else spec.default, newest.get(key))
        for key, spec in SETTINGS.items()
    ]


def setting_history(key: str) -> list[SettingRow]:
    """Every value of a setting, the newest first."""
    rows = Setting.objects.filter(key=key).order_by("-pk")
    return [SettingRow(SETTINGS[key], row.value, row) for row in rows]


@dataclass(slots=True)
class SwitchRow:
    """A switch: whether it is on, by whom and on what basis; all its changes."""

    name: SwitchName
    in_force: Switch | None
    history: list[Switch]

    @property
    def has_run_out(self) -> bool:
        """Whether it was on and its day has passed."""
        return self.in_force is None and bool(self.history) and self.history[0].is_on


def switches() -> list[SwitchRow]:
    """The switches that something asks for, and whatever was switched before."""
    today = clock.today()
    history: dict[str, list[Switch]] = {}
    for row in Switch.objects.order_by("-pk"):
        history.setdefault(row.name, []).append(row)
    found = []
    for name in SwitchName:
        rows = history.get(name, [])
        if not rows and name not in SWITCHES_IN_USE:
            continue
        newest = rows[0] if rows else None
        is_on = newest is not None and newest.is_on and not (newest.until and newest.until < today)
        found.append(SwitchRow(name, newest if is_on else None, rows))
    return found


@dataclass(slots=True)
class DayRow:
    """A day of the year that is not what its weekday says, or that the office has set itself."""

    day: date
    is_workday: bool
    own: Holiday | None
    note: str

    @property
    def weekday(self) -> str:
        """Which day of the week it is."""
        return f"周{'一二三四五六日'[self.day.weekday()]}"


def calendar_of(year: int) -> list[DayRow]:
    """The special days of a year: the office's own lines over the package's tables."""
    own = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    package = WorkCalendar(
        {} if is_year_known(year) else {date(year, 1, 1): date(year, 1, 1).weekday() < 5}
    )
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        row = own.get(day)
        usual = day.weekday() < 5
        is_workday = row.is_workday if row else package.is_workday(day)
        if row or is_workday != usual:
            note = row.note if row else ("调休上班" if is_workday else "放假")
            found.append(DayRow(day, is_workday, row, note))
        day = date.fromordinal(day.toordinal() + 1)
    return found


def is_year_known(year: int) -> bool:
    """Whether the package's own tables know a year's holidays."""
    try:
        WorkCalendar({}).is_workday(date(year, 1, 1))
    except CalendarUnknown:
        return False
    return True
