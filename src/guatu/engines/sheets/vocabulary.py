"""Which words in a header mean which canonical field; data in `synonyms.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from guatu.engines.sheets.errors import refuse
from guatu.engines.sheets.types import Kind
from guatu.engines.sheets.wording import heading, normal_form

SOURCE = Path(__file__).with_name("synonyms.toml")
_PREFIXES = ("项目", "工程", "该项目")
_SUFFIXES = ("情况", "金额", "额", "数", "小计", "合计")
_NOT_A_TAIL = ("率", "比", "来源", "原因", "是否", "增", "排名", "资金", "日期", "电话")


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One canonical field: what it holds, its synonyms, and its choices by normal form."""

    name: str
    kind: Kind
    synonyms: tuple[str, ...]
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """What a header means: the field, and whether that was only guessed from its beginning."""

    field: str
    is_guess: bool = False


class Vocabulary:
    """All canonical fields and a look-up from header words to them."""

    def __init__(self, fields: Sequence[FieldWords]) -> None:
        self.fields: dict[str, FieldWords] = {entry.name: entry for entry in fields}
        self._by_key: dict[str, str] = {}
        for entry in fields:
            self._by_key[heading(entry.name).key] = entry.name
        for entry in fields:
            for synonym in entry.synonyms:
                # 开工时间(计划) must not claim 开工时间: the bracket is part of the synonym.
                self._by_key.setdefault(heading(synonym).full, entry.name)
        self._long_text = sorted(
            (key for key, name in self._by_key.items() if self._may_guess(key, name)),
            key=len,
            reverse=True,
        )
        self._cache: dict[tuple[str, ...], Match | None] = {}

    def _may_guess(self, key: str, name: str) -> bool:
        return len(key) >= 4 and self.fields[name].kind is Kind.TEXT

    def kind(self, name: str) -> Kind:
        """What a field holds. Raises KeyError for an unknown field."""
        return self.fields[name].kind

    def match(self, path: tuple[str, ...]) -> Match | None:
        """The field that a header means, given its cells from top to leaf (original words).

        The whole path is tried first (本月 over 完成投资), then the leaf alone, then shorter
        forms of the leaf, then the beginning of a long text header, as a guess.
        """
        if path not in self._cache:
            self._cache[path] = self._find(path)
        return self._cache[path]

    def _find(self, path: tuple[str, ...]) -> Match | None:
        words = [parts for text in path if (parts := heading(text)).key]
        if not words:
            return None
        keys = [parts.key for parts in words]
        for candidate in (*_combinations(keys), words[-1].full, keys[-1]):
            if name := self._exact(candidate):
                return Match(name)
        for candidate in _shorter(keys[-1]):
            if name := self._exact(candidate):
                return Match(name)
        for known in self._long_text:
            tail = keys[-1].removeprefix(known)
            if tail != keys[-1] and len(tail) <= 12 and not any(w in tail for w in _NOT_A_TAIL):
                return Match(self._by_key[known], is_guess=True)
        return None

    def _exact(self, key: str) -> str | None:
        if name := self._by_key.get(key):
            return name
        if "{年}" in key and len(key) > 3:
            return self._by_key.get(key.replace("{年}", ""))
        return None


def _combinations(keys: list[str]) -> list[str]:
    if len(keys) < 2:
        return []
    found = ["".join(keys)]
    leaf = keys[-1]
    for parent in reversed(keys[:-1]):
        found += [parent + leaf, leaf + parent]
    return found


def _shorter(key: str) -> list[str]:
    found = []
    for suffix in _SUFFIXES:
        if key.endswith(suffix) and len(key) > len(suffix) + 1:
            found.append(key.removesuffix(suffix))
    for prefix in _PREFIXES:
        if key.startswith(prefix) and len(key) > len(prefix) + 1:
            found.append(key.removeprefix(prefix))
    return found


def parse_vocabulary(text: str, *, file: str) -> Vocabulary:
    """Build a vocabulary from TOML. Raises SheetsError `bad-vocabulary` with the entry."""
    try:
        source = tomllib.loads(text)
        return Vocabulary([_entry(name, entry) for name, entry in source.items()])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise refuse(
            "bad-vocabulary", f"词表写法有误（{error}）", "请按原有条目的写法改正", file=file
        ) from error


def _entry(name: str, entry: Mapping[str, object]) -> FieldWords:
    synonyms = entry.get("synonyms", [])
    choices = entry.get("choices", {})
    if not isinstance(synonyms, list) or not isinstance(choices, dict):
        raise TypeError(name)
    by_form = {normal_form(choice): choice for choice in choices}
    for choice, words in choices.items():
        for word in words:
            by_form.setdefault(normal_form(word), choice)
    return FieldWords(name, Kind(str(entry["kind"])), tuple(map(str, synonyms)), by_form)


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary beside the code."""
    return parse_vocabulary(SOURCE.read_text(encoding="utf-8"), file=SOURCE.name)
