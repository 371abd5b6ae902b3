"""The measures a book reads as staged columns: the SQL twin of `rulebook.frame`.

Every measure gets columns of its own at a stage after those it follows from; stages become
nested SELECTs. NULL is missing. A ratio's two columns are NULL together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.core.ratio import Rounding
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.dependencies import JUDGED_NAME
from guatu.engines.rulebook.frame import GIVEN
from guatu.engines.rulebook.sql.dialects import Dialect, NotInSql, not_in_sql
from guatu.engines.rulebook.sql.integers import Arithmetic, Int, Pair
from guatu.engines.rulebook.types import Condition, FactValue, Kind, Measure, Settings

PAIRED_KINDS = frozenset({"ratio", "points", "quantity"})
WHOLE_KINDS = frozenset({"yuan", "count", "months", "days"})
DEFAULT_BOUNDS: Mapping[str, int] = {
    "yuan": 10**15,
    "ratio": 10**15,
    "points": 10**9,
    "quantity": 10**13,
    "count": 10**9,
    "months": 10**6,
    "days": 10**7,
}
"""Magnitudes by kind where the caller states none: a hundred times the largest cell (10¹³ yuan)."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A day, yes/no or text: compared as it is."""

    sql: str


type Expression = Int | Pair | Plain
type Derive = Callable[[Frame, Measure], Expression]
"""Builds the columns of a measure that follows from others."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the input relation. `part` is n or d of a pair, else empty.

    Types: BIGINT for amounts, counts, months and both parts of a pair (d > 0, else missing);
    DATE, or the proleptic day number when the plan was made with `days="number"`; BOOLEAN; text.
    """

    name: str
    measure: str
    kind: Kind
    part: str
    bound: int


@dataclass(slots=True)
class Frame:
    """Stages of columns under construction for one book and dialect."""

    dialect: Dialect
    catalogue: Catalogue
    settings: Settings
    assumed: Mapping[str, FactValue]
    bounds: Mapping[str, int]
    given: frozenset[str]
    printed: bool
    days: str
    outputs: Mapping[str, Derive] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    stages: list[list[str]] = field(default_factory=list)
    _exact: dict[str, Expression] = field(default_factory=dict)
    _compared: dict[str, Expression] = field(default_factory=dict)
    _stage_of: dict[str, int] = field(default_factory=dict)
    _number: dict[str, int] = field(default_factory=dict)

    @property
    def arithmetic(self) -> Arithmetic:
        """Integers of this dialect."""
        return Arithmetic(self.dialect)

    def exact(self, name: str) -> Expression:
        """The columns of a measure, unrounded."""
        if name not in self._exact:
            self._number.setdefault(name, len(self._number))
            self._exact[name] = self._build_exact(self.catalogue[name])
        return self._exact[name]

    def compared(self, name: str) -> Expression:
        """The columns that conditions compare: rounded where the book compares what is printed."""
        if name not in self._compared:
            value = self.exact(name)
            measure = self.catalogue[name]
            if self.printed and measure.kind is Kind.RATIO and isinstance(value, Pair):
                value = self._printed(measure, value)
            self._compared[name] = value
        return self._compared[name]

    def place(self, value: Expression, alias: str) -> Expression:
        """Make an expression a column of the stage after everything it reads."""
        match value:
            case Pair(top, bottom):
                stage = max(self._stage(top.sql), self._stage(bottom.sql))
                return Pair(
                    self._column(top, f"{alias}_n", stage),
                    self._column(bottom, f"{alias}_d", stage),
                )
            case Int():
                return self._column(value, alias, self._stage(value.sql))
            case Plain(sql):
                self._add(sql, alias, self._stage(sql))
                return Plain(alias)

    def alias(self, name: str) -> str:
        """The generated column name of a measure."""
        return f"x{self._number[name]}"

    def judged(self) -> str | None:
        """The column that tells whether the gates let a subject pass; None without gates."""
        if JUDGED_NAME not in self.outputs:
            return None
        found = self.exact(JUDGED_NAME)
        assert isinstance(found, Plain)
        return found.sql

    def counts(self, among: Condition | None) -> str:
        """Who counts in a population: whom the book judges, and who meets the condition."""
        judged = self.judged()
        tests = [judged] if judged else []
        if among is not None:
            tests.append(f"({self.test(among)}) IS TRUE")
        return " AND ".join(tests) or "TRUE"

    def test(self, condition: Condition) -> str:
        """A condition on this frame as a boolean expression."""
        from guatu.engines.rulebook.sql.conditions import condition_sql

        return condition_sql(self, condition)

    def _column(self, value: Int, alias: str, stage: int) -> Int:
        self._add(value.sql, alias, stage)
        return Int(alias, value.bound, value.wide)

    def _add(self, sql: str, alias: str, stage: int) -> None:
        while len(self.stages) <= stage:
            self.stages.append([])
        self.stages[stage].append(f"{sql} AS {alias}")
        self._stage_of[alias] = stage + 1

    def _stage(self, sql: str) -> int:
        """The first stage at which every column in the text is there already."""
        words = _words(sql)
        return max((self._stage_of[word] for word in words if word in self._stage_of), default=0)

    def _build_exact(self, measure: Measure) -> Expression:
        from guatu.engines.rulebook.sql.operators import OPERATORS

        alias = self.alias(measure.name)
        derive = self.outputs.get(measure.name) or OPERATORS.get(measure.operator)
        values: list[Expression] = []
        is_given = measure.operator in GIVEN
        if is_given or measure.name in self.given:
            values.append(self._input(measure))
        if not is_given:
            values += self._derived(measure, derive, is_given=bool(values))
        if measure.name in self.assumed:
            values.append(self.literal(self.assumed[measure.name]))
        if len(values) == 1:
            return self.place(values[0], alias)
        staged = [self.place(one, f"{alias}_{i}") for i, one in enumerate(values[:-1])]
        last = values[-1]
        if measure.name not in self.assumed:
            last = self.place(last, f"{alias}_{len(staged)}")
        return self.place(_first_known([*staged, last]), alias)

    def _derived(
        self, measure: Measure, derive: Derive | None, *, is_given: bool
    ) -> list[Expression]:
        """What the operator gives; nothing where SQL cannot say it and the column stands for it."""
        try:
            if derive is None:
                operator = measure.operator
                raise not_in_sql(f"“{measure.name}”的算法“{operator}”不能由数据库计算")
            return [derive(self, measure)]
        except NotInSql:
            if is_given:
                return []
            raise

    def _input(self, measure: Measure) -> Expression:
        """A measure that is given: its column, or its two; anything but a ratio needs no care."""
        name = f"f{self._number[measure.name]}"
        kind = measure.kind.value
        bound = self.bounds.get(measure.name, DEFAULT_BOUNDS.get(kind, 0))
        if kind in PAIRED_KINDS:
            top, bottom = f"{name}_n", f"{name}_d"
            for column, part in ((top, "n"), (bottom, "d")):
                self._take(Column(column, measure.name, measure.kind, part, bound))
            wide_top, wide_bottom = (f"CAST({one} AS BIGINT)" for one in (top, bottom))
            return Pair(
                Int(f"CASE WHEN {bottom} > 0 THEN {wide_top} END", bound),
                Int(
                    f"CASE WHEN {bottom} > 0 AND {top} IS NOT NULL THEN {wide_bottom} END",
                    max(bound, 1),
                ),
            )
        self._take(Column(name, measure.name, measure.kind, "", bound))
        if kind in WHOLE_KINDS:
            return Int(f"CAST({name} AS BIGINT)", bound)
        if kind in ("day", "bool", "text"):
            return Plain(name)
        raise not_in_sql(f"“{measure.name}”是记录，不能由数据库直接读取")

    def _take(self, column: Column) -> None:
        self.columns.append(column)
        self._stage_of[column.name] = 0

    def literal(self, value: FactValue) -> Expression:
        """A value written in the book."""
        match value:
            case bool():
                return Plain("TRUE" if value else "FALSE")
            case int():
                return self.arithmetic.literal(value)
            case date():
                if self.days == "number":
                    return Plain(str(value.toordinal()))
                return Plain(f"DATE '{value.isoformat()}'")
            case str():
                return Plain(self.dialect.quoted(value))
            case (int() as top, int() as bottom):
                return Pair(self.arithmetic.literal(top), self.arithmetic.literal(bottom))
        raise not_in_sql("记录不能写进数据库的算式")

    def _printed(self, measure: Measure, value: Pair) -> Expression:
        digits = self.settings.digits_of.get(measure.name, self.settings.digits)
        rounding = self.settings.rounding_of.get(measure.name, self.settings.rounding)
        rounded = rounded_pair(self.arithmetic, value, 100 * 10**digits, rounding)
        alias = f"c{self._number[measure.name]}"
        if measure.operator != "difference" or self.settings.gap != "rounded":
            return self.place(rounded, alias)
        from guatu.engines.rulebook.sql.operators import subtract

        left, right = (self.compared(source) for source in measure.of)
        shown = self.place(subtract(self.arithmetic, left, right), f"{alias}_0")
        return self.place(_first_known([shown, self.place(rounded, f"{alias}_1")]), alias)


def rounded_pair(arithmetic: Arithmetic, value: Pair, scale: int, rounding: Rounding) -> Pair:
    """A ratio as it is printed: half up (or cut off) on the magnitude, over `scale`."""
    magnitude = arithmetic.times(arithmetic.magnitude(value.top), arithmetic.literal(scale))
    top, bottom = magnitude, value.bottom
    if rounding is Rounding.HALF_UP:
        two = arithmetic.literal(2)
        top = arithmetic.plus(arithmetic.times(two, magnitude), value.bottom)
        bottom = arithmetic.times(two, value.bottom)
    whole = arithmetic.quotient(top, bottom)
    sign = f"CASE WHEN {value.top.sql} < 0 THEN -{whole.sql} ELSE {whole.sql} END"
    known = f"CASE WHEN {value.top.sql} IS NOT NULL THEN {scale} END"
    bound = value.top.bound * scale + 1
    return Pair(Int(sign, bound, whole.wide), Int(known, scale))


def _first_known(values: list[Expression]) -> Expression:
    """COALESCE; the parts of a pair are NULL together, so they may be taken one by one."""
    first = values[0]
    if isinstance(first, Plain):
        return Plain(f"COALESCE({', '.join(one.sql for one in values if isinstance(one, Plain))})")
    if isinstance(first, Int):
        return _joined([one for one in values if isinstance(one, Int)])
    pairs = [one for one in values if isinstance(one, Pair)]
    return Pair(_joined([one.top for one in pairs]), _joined([one.bottom for one in pairs]))


def _joined(values: list[Int]) -> Int:
    return Int(
        f"COALESCE({', '.join(one.sql for one in values)})",
        max(one.bound for one in values),
        any(one.wide for one in values),
    )


def _words(sql: str) -> set[str]:
    word, words = "", set()
    for c in sql + " ":
        if c.isascii() and (c.isalnum() or c == "_"):
            word += c
        elif word:
            words.add(word)
            word = ""
    return words


def single(value: Expression) -> str:
    """The SQL of a value that is no pair: to be grouped by, or compared with another measure."""
    if isinstance(value, Pair):
        raise not_in_sql("这里不能用比率的量")
    return value.sql
