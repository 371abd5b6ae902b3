"""Reading one TOML table of a book: typed keys, unknown keys, faults with their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from guatu.core.errors import Fault
from guatu.engines.rulebook.types import Interpretation

LONGEST_FAULT = 300
"""What of a fault is told: words of a file may stand in it, and they have no end."""


@dataclass
class Faults:
    """Collects everything wrong with one file, so that it is mended in one go."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, place: str, what: str, remedy: str = "", *, code: str = "bad-rulebook") -> None:
        """Note one: what is wrong, what to do, and the place in the file."""
        line = f"{place}：{what}" if place else what
        if len(line) > LONGEST_FAULT:
            line = f"{line[:LONGEST_FAULT]}…"
        self.found.append(Fault(code=code, what=line, remedy=remedy, file=self.file))


class Section:
    """One table with the place it stands at. Each `take…` notes a fault and goes on."""

    def __init__(self, table: object, place: str, faults: Faults) -> None:
        self.place = place
        self.faults = faults
        self._asked: set[str] = set()
        if not isinstance(table, dict):
            faults.add(place, "应是一个表", "写成{键 = 值}或[表名]")
            table = {}
        self._table: dict[str, object] = table

    def __contains__(self, key: str) -> bool:
        """Whether the key is written; it counts as known."""
        self._asked.add(key)
        return key in self._table

    def raw(self) -> Mapping[str, object]:
        """The table as it is written."""
        return self._table

    def fault(self, what: str, remedy: str = "", *, code: str = "bad-rulebook") -> None:
        """Note something wrong with this table."""
        self.faults.add(self.place, what, remedy, code=code)

    def peek(self, key: str) -> object:
        """The raw value, None when absent; the key counts as known."""
        self._asked.add(key)
        return self._table.get(key)

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A text that is not blank."""
        value = self.peek(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.fault(f"“{key}”应是文字", f'写成{key} = "…"')
        elif required:
            self.fault(f"缺少“{key}”", f'请补写{key} = "…"', code=f"missing-{key}")
        return default

    def choice(self, key: str, choices: Iterable[str], *, default: str | None = None) -> str:
        """One of a closed list; required when there is no default."""
        known = list(choices)
        value = self.text(key, required=default is None, default=default or known[0])
        if value not in known:
            near = get_close_matches(value, known, n=1)
            remedy = f"是不是“{near[0]}”" if near else f"可写：{'、'.join(known)}"
            self.fault(f"“{key}”不能是“{value}”", remedy)
            return default or known[0]
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent is none, a single text counts as one."""
        value = self.peek(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(one, str) and one.strip() for one in found):
            self.fault(f"“{key}”应是一组文字", f'写成{key} = ["…", "…"]')
            return ()
        return tuple(str(one).strip() for one in found)

    def flag(self, key: str) -> bool:
        """true or false; absent is false."""
        value = self.peek(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(f"“{key}”应是true或false")
        return False

    def whole(self, key: str) -> int:
        """A positive whole number."""
        value = self.peek(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.fault(f"“{key}”应是正整数" if value is not None else f"缺少“{key}”")
        return 1

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A TOML date."""
        value = self.peek(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None or required:
            missing = f"缺少“{key}”" if value is None else f"“{key}”应是日期"
            self.fault(missing, f"写成{key} = 2025-03-01，不加引号")
        return None

    def tables(self, key: str) -> list[object]:
        """An array of tables; a single table counts as one; absent is none."""
        value = self.peek(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        return [value]

    def interpretation(
        self, key: str = "interpretation", *, required: bool = False
    ) -> Interpretation | None:
        """`{by, on, why}`: complete or faulty; absent is None unless the place requires one."""
        value = self.peek(key)
        if value is None:
            if required:
                self.fault(
                    f"缺少“{key}”",
                    "原文没有写的，要写明谁（by）、何时（on）、为何（why）这样定",
                    code="missing-interpretation",
                )
            return None
        section = Section(value, f"{self.place}的{key}", self.faults)
        by, on, why = section.text("by"), section.day("on"), section.text("why")
        section.finish()
        return Interpretation(by, on or date.min, why)

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._table.keys() - self._asked:
            near = get_close_matches(key, self._asked, n=1)
            remedy = f"是不是“{near[0]}”" if near else f"可写：{'、'.join(sorted(self._asked))}"
            self.fault(f"不认识的键“{key}”", remedy, code="unknown-key")
