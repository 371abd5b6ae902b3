"""A book's limits that a city may set otherwise: measures that the book gives one value alone.

Facts that state such a measure themselves stand against the book's own value (`evaluate.fill`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from guatu.core.errors import Fault
from guatu.engines.rulebook.facts import fact_of
from guatu.engines.rulebook.types import Book, Choose, FactValue, Kind, Measure, RulebookError
from guatu.engines.rulebook.wording import limit_text

MOST: Mapping[Kind, Fraction] = {
    Kind.RATIO: Fraction(10),
    Kind.YUAN: Fraction(10**12),
    Kind.COUNT: Fraction(1000),
}
"""Beyond: a limit that nothing ever reaches. Ratios as shares, money in yuan."""
_WRITTEN = {
    Kind.RATIO: "0到1000之间的百分数，如30%",
    Kind.YUAN: "1万亿元以内的金额，如1000万元",
    Kind.COUNT: "1到1000的整数，如3",
}
LONGEST = 20
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width signs as plain ones."""


@dataclass(frozen=True, slots=True)
class SettableLimit:
    """One limit of a book: its measure and the book's own value."""

    measure: Measure
    value: int | tuple[int, int]

    @property
    def name(self) -> str:
        """What the book calls it."""
        return self.measure.name

    @property
    def text(self) -> str:
        """The book's own value in words: `30%`, `1000万元`."""
        return self.told(self.value)

    def told(self, value: FactValue) -> str:
        """Another value of it in the same words; reading them gives the value again."""
        assert isinstance(value, int | tuple)
        return limit_text(value, self.measure).replace(",", "")  # type: ignore[arg-type]


def limits_of(book: Book) -> dict[str, SettableLimit]:
    """The limits of a book by name, as they stand in it."""
    return {
        one.name: SettableLimit(one, value)
        for one in book.measures
        if one.kind in MOST and (value := _only_value(one)) is not None
    }


def _only_value(measure: Measure) -> int | tuple[int, int] | None:
    """What `choose` gives where it has a single line without a condition."""
    if not isinstance(measure.detail, Choose) or len(measure.detail.choices) != 1:
        return None
    only = measure.detail.choices[0]
    if only.stated is not None or only.name or measure.detail.is_rest_missing:
        return None
    return only.value if isinstance(only.value, int | tuple) else None


def read_limit(limit: SettableLimit, text: str) -> FactValue:
    """A limit as somebody types it. Raises RulebookError for anything but a number in bounds."""
    measure, typed = limit.measure, text.translate(_HALF).strip()
    raw: object = int(typed) if _is_bare(typed, measure) else typed
    try:
        is_plain = len(typed) <= LONGEST and "/" not in typed
        value = fact_of(raw, measure) if is_plain else None
    except ValueError:
        value = None
    size = Fraction(*value) if isinstance(value, tuple) else value
    if not isinstance(size, int | Fraction) or not 0 < size <= MOST[measure.kind]:
        what = f"“{measure.name}”不能是“{text.strip()[:LONGEST]}”"
        raise RulebookError(Fault("bad-limit", what, f"请写{_WRITTEN[measure.kind]}"))
    return value


def _is_bare(typed: str, measure: Measure) -> bool:
    """Whether it is a whole number alone, which says enough of a count."""
    return measure.kind is Kind.COUNT and typed.isascii() and typed.isdecimal()


def read_limits(book: Book, text: str) -> dict[str, FactValue]:
    """The limits that `名称=值,名称=值` states otherwise than the book, typed as facts are.

    Raises RulebookError with every part that cannot be: no such limit, stated twice, no number.
    """
    known = limits_of(book)
    found: dict[str, FactValue] = {}
    faults: list[Fault] = []
    for name, typed in parts_of_limits(text):
        if name not in known or name in found:
            faults.append(_misnamed(name, known, is_again=name in found))
            continue
        try:
            found[name] = read_limit(known[name], typed)
        except RulebookError as error:
            faults += error.faults
    if faults:
        raise RulebookError(*faults)
    return found


def _misnamed(name: str, known: Iterable[str], *, is_again: bool) -> Fault:
    if is_again:
        return Fault("bad-limit", f"“{name}”写了两次", "请只写一次")
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"是不是“{near[0]}”" if near else "请写成“名称=值”，名称见规则办法里的界线"
    return Fault("bad-limit", f"没有界线“{name[:LONGEST]}”", remedy)


def parts_of_limits(text: str) -> list[tuple[str, str]]:
    """Names and values as typed, in order; a part without a sign of equality has no value."""
    plain = text.translate(_HALF)
    parts = (part.partition("=") for part in plain.split(",") if part.strip())
    return [(name.strip(), value.strip()) for name, _, value in parts]
