"""Conditions: one line of Python's expression grammar, read through a whitelist, never run.

Allowed: comparisons (chained too), `and`, `or`, `not`, `in` a list, number × unit, names of
measures. Everything else is refused with a line that says what to write instead.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.types import (
    PAIRED,
    All,
    AnyOf,
    Chain,
    Comparison,
    Condition,
    Flag,
    Kind,
    Leaf,
    Limit,
    Measure,
    Member,
    Named,
    Not,
    Operand,
    Value,
)

MAX_LENGTH = 400
MAX_DEPTH = 12

QUANTITY_UNITS = (
    *("亩", "公顷", "平方米", "米", "公里", "立方米"),
    *("吨", "万吨", "千瓦", "兆瓦", "万千瓦时", "吨标准煤"),
)
"""Units of physical quantities. None is converted into another: a book measures in one."""

UNITS: dict[str, tuple[Kind, str, Fraction]] = {
    "百分点": (Kind.RATIO, "百分点", Fraction(1, 100)),
    "百分比": (Kind.RATIO, "%", Fraction(1, 100)),
    "元": (Kind.YUAN, "元", Fraction(1)),
    "万元": (Kind.YUAN, "元", Fraction(10_000)),
    "亿元": (Kind.YUAN, "元", Fraction(100_000_000)),
    "个月": (Kind.MONTHS, "个月", Fraction(1)),
    "年": (Kind.MONTHS, "个月", Fraction(12)),
    "天": (Kind.DAYS, "天", Fraction(1)),
    "日": (Kind.DAYS, "天", Fraction(1)),
    "工作日": (Kind.DAYS, "工作日", Fraction(1)),
    "分": (Kind.POINTS, "分", Fraction(1)),
}
UNITS |= {
    word: (Kind.COUNT, word, Fraction(1))
    for word in ("个", "次", "名", "项", "家", "份", "人", "件")
}
UNITS |= {word: (Kind.QUANTITY, word, Fraction(1)) for word in QUANTITY_UNITS}
"""Unit words: the kind and unit they belong to, and their size in the measure's own terms."""

_ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,9})?")
_FOREIGN = {"≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">", "％": "*百分比", "%": "*百分比"}
_FOREIGN |= {"，": ",", "“": "'", "”": "'", "（": "(", "）": ")", "×": "*"}
_EXAMPLE = {
    Kind.YUAN: "1000*万元",
    Kind.RATIO: "30*百分点或60*百分比",
    Kind.MONTHS: "3*个月",
    Kind.COUNT: "3",
    Kind.DAYS: "30*天",
    Kind.POINTS: "60*分",
    Kind.QUANTITY: "50*亩",
    Kind.DAY: "'2025-06-30'",
    Kind.TEXT: "'新建'",
}


class ConditionError(ValueError):
    """Why a condition is refused, as one Chinese sentence, and what to do about it."""

    def __init__(self, what: str, remedy: str = "", *, is_of_words: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.is_of_words = is_of_words
        """The words themselves are wrong, whatever the measures are that they name."""


@dataclass(frozen=True, slots=True)
class _Number:
    amount: Fraction
    unit: str
    text: str


def parse_condition(text: str, catalogue: Catalogue, subject: str) -> Condition:
    """Read one condition about a subject kind (项目, 地区). Raises ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"条件有{len(text)}个字，最多{MAX_LENGTH}个字", "请拆成几条界线")
    if "\n" in text or "\r" in text:
        raise ConditionError("条件应写在一行里")
    text = text.strip()
    if not text:
        raise ConditionError("条件是空的")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        hint = [f"“{bad}”请写成“{good}”" for bad, good in _FOREIGN.items() if bad in text]
        remedy = "；".join(hint) or "写法见docs/rulebooks/measures.md"
        raise ConditionError(f"读不懂条件“{text}”", remedy, is_of_words=True) from error
    return _Reader(text, catalogue, subject).condition(tree.body, 0)


class _Reader:
    """Walks one syntax tree; holds what every step needs."""

    def __init__(self, text: str, catalogue: Catalogue, subject: str) -> None:
        self.text = text
        self.catalogue = catalogue
        self.subject = subject

    def condition(self, node: ast.expr, depth: int) -> Condition:
        """The condition a node of the syntax tree says. Raises ConditionError."""
        if depth > MAX_DEPTH:
            raise ConditionError(f"条件嵌套超过{MAX_DEPTH}层", "请拆成几条界线")
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.condition(value, depth + 1) for value in values)
                return All(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand, depth + 1))
            case ast.Compare():
                return self._compare(node)
            case ast.Name(id=name):
                return self._flag(name)
        raise self._refusal(node)

    def _flag(self, name: str) -> Flag:
        measure = self._measure(name)
        if measure.kind is not Kind.BOOL:
            if measure.kind in (Kind.RECORDS, Kind.PAPERS):
                raise ConditionError(
                    f"“{name}”是{measure.unit}，不能直接用在条件里",
                    "先用[[measure]]的count_in、consecutive等取出数来",
                )
            example = f"{name} >= {_EXAMPLE[measure.kind]}"
            raise ConditionError(f"“{name}”不是“是/否”的量，要与界线比较", f"例如写{example}")
        return Flag(measure.name)

    def _compare(self, node: ast.Compare) -> Leaf:
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            return self._member(node)
        if not all(type(op) in _ORDER for op in node.ops):
            raise ConditionError("不能用“is”", "请写== 、!= 、< 、<= 、> 、>= 或in")
        operands = [self._operand(part) for part in (node.left, *node.comparators)]
        chain = []
        for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
            chain.append(self._comparison(left, _ORDER[type(op)], right))
        return chain[0] if len(chain) == 1 else Chain(tuple(chain))

    def _comparison(
        self, left: Measure | _Number | str, sign: str, right: Measure | _Number | str
    ) -> Comparison:
        measure = left if isinstance(left, Measure) else right
        if not isinstance(measure, Measure):
            raise ConditionError("比较的两边都没有量", "至少一边要写目录里的量")
        if measure.kind is Kind.RECORDS:
            remedy = "先用[[measure]]的count_in、consecutive等取出数来"
            raise ConditionError(f"“{measure.name}”是记录，不能直接比较", remedy)
        if measure.kind is Kind.BOOL:
            remedy = f"直接写“{measure.name}”或“not {measure.name}”"
            raise ConditionError(f"“{measure.name}”是“是/否”的量，不与别的比较", remedy)
        if measure.kind is Kind.TEXT and sign not in ("==", "!="):
            raise ConditionError(f"“{measure.name}”是文字，只能用== 、!= 或in")
        return Comparison(self._side(left, measure), sign, self._side(right, measure), measure.kind)

    def _side(self, side: Measure | _Number | str, measure: Measure) -> Operand:
        if not isinstance(side, Measure):
            return Limit(self._limit(side, measure))
        if (side.kind, side.unit) != (measure.kind, measure.unit):
            raise ConditionError(
                f"“{measure.name}”（{measure.unit}）与“{side.name}”（{side.unit}）不能相比"
            )
        return Named(side.name)

    def _member(self, node: ast.Compare) -> Member:
        op, values = node.ops[0], node.comparators[0]
        if len(node.ops) != 1 or not isinstance(values, ast.Tuple | ast.List | ast.Set):
            raise ConditionError("in 的右边要写一组值", "例如行业领域 in ('社会民生', '基础设施')")
        left = self._operand(node.left)
        if not isinstance(left, Measure) or left.kind not in (Kind.TEXT, Kind.COUNT):
            raise ConditionError("in 的左边要写文字或个数的量")
        limits = []
        for part in values.elts:
            value = self._operand(part)
            if isinstance(value, Measure):
                raise ConditionError(f"in 的一组值里不能有量“{value.name}”")
            limits.append(self._limit(value, left))
        if not limits:
            raise ConditionError("in 的右边是空的")
        return Member(left.name, tuple(limits), isinstance(op, ast.NotIn))

    def _operand(self, node: ast.expr) -> Measure | _Number | str:
        match node:
            case ast.Name(id=name):
                return self._measure(name)
            case ast.Constant(value=str() as words):
                return words
        return self._number(node)

    def _number(self, node: ast.expr) -> _Number:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() | ast.BinOp() as inner):
                number = self._number(inner)
                return _Number(-number.amount, number.unit, f"-{number.text}")
            case ast.BinOp(op=ast.Mult(), left=left, right=ast.Name(id=unit)):
                if unit not in UNITS:
                    known = "、".join(UNITS)
                    raise ConditionError(f"不认识的单位“{unit}”", f"可用的单位：{known}")
                number = self._number(left)
                if number.unit:
                    raise ConditionError(f"“{self._source(node)}”写了两个单位")
                return _Number(number.amount, unit, f"{number.text}*{unit}")
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                digits = self._source(node)
                if not _NUMBER.fullmatch(digits):
                    raise ConditionError(f"数“{digits[:30]}”写法不对", "整数部分最多18位，不写指数")
                return _Number(Fraction(digits), "", digits)
        raise self._refusal(node)

    def _limit(self, literal: _Number | str, measure: Measure) -> Value:
        """A literal in the terms of the measure it is compared with."""
        if isinstance(literal, str):
            return _words(literal, measure)
        example = f"例如{_EXAMPLE.get(measure.kind, '3')}"
        if measure.kind in (Kind.TEXT, Kind.DAY, Kind.BOOL, Kind.RECORDS):
            raise ConditionError(f"“{measure.name}”不与数“{literal.text}”比较", example)
        if not literal.unit:
            if literal.amount and measure.kind not in (Kind.COUNT, Kind.POINTS):
                raise ConditionError(f"“{literal.text}”没有写单位", example)
            amount = literal.amount
        else:
            kind, unit, size = UNITS[literal.unit]
            if kind is not measure.kind or (
                kind in (Kind.RATIO, Kind.DAYS, Kind.QUANTITY) and unit != measure.unit
            ):
                word = "百分比" if measure.unit == "%" else measure.unit
                raise ConditionError(
                    f"“{measure.name}”的单位是{measure.unit}，不能与“{literal.text}”比较",
                    f"请用单位“{word}”" if word in UNITS else "",
                )
            amount = literal.amount * size
        if measure.kind in PAIRED:
            return amount.as_integer_ratio()
        if amount.denominator != 1:
            raise ConditionError(f"“{literal.text}”不是整数{measure.unit}")
        return amount.numerator

    def _measure(self, word: str) -> Measure:
        measure = self.catalogue.find(word)
        if measure is None:
            if word in UNITS:
                raise ConditionError(f"“{word}”是单位，要写成数×单位", f"例如30*{word}")
            remedy = self.catalogue.suggestion(word)
            raise ConditionError(f"不认识的量“{word}”", remedy, is_of_words=True)
        if self.subject not in measure.subjects:
            raise ConditionError(
                f"“{measure.name}”是{'、'.join(measure.subjects)}的量，不能用于{self.subject}"
            )
        return measure

    def _source(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or "…"

    def _refusal(self, node: ast.expr) -> ConditionError:
        place = self._source(node)[:40]
        words = {
            ast.Call: "不能调用函数",
            ast.Attribute: "不能用“.”取属性",
            ast.Subscript: "不能用“[]”取元素",
            ast.Lambda: "不能用lambda",
            ast.BinOp: "不能做算术，只能写数×单位",
            ast.IfExp: "不能用if…else，请拆成几条界线",
        }
        what = words.get(type(node), "这里不能这样写")
        return ConditionError(f"{what}：“{place}”", "只能用比较、and、or、not、in和数×单位")


def _words(literal: str, measure: Measure) -> Value:
    if measure.kind is Kind.TEXT:
        if measure.values and literal not in measure.values:
            raise ConditionError(
                f"“{measure.name}”没有“{literal[:30]}”这一项", f"可写：{'、'.join(measure.values)}"
            )
        return literal
    if measure.kind is Kind.DAY:
        try:
            return date.fromisoformat(literal)
        except ValueError as error:
            raise ConditionError(f"“{literal}”不是日期", "日期写成'2025-06-30'") from error
    raise ConditionError(f"“{measure.name}”不能与文字“{literal[:30]}”比较")


def measures_of(condition: Condition) -> tuple[str, ...]:
    """The measures a condition names, in order, each once."""
    return tuple(dict.fromkeys(_names(condition)))


def _names(condition: Condition) -> list[str]:
    match condition:
        case Not(part):
            return _names(part)
        case All(parts) | AnyOf(parts) | Chain(parts):
            return [name for part in parts for name in _names(part)]
        case Comparison(left, _, right):
            return [side.name for side in (left, right) if isinstance(side, Named)]
        case Member(name) | Flag(name):
            return [name]
