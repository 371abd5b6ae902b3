"""Where each value of a book's TOML stands in its text, so that one may be changed in place.

Comments, order and spacing stay as the author wrote them. Texts that are no TOML have no places.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from guatu.engines.rulebook.tables import tables_of

type Path = tuple[str | int, ...]
"""Keys and numbers from the root: `("light", 0, "cases", 1, "when")`."""

_BLANK = " \t"
_SPACE = " \t\r\n"
_BARE_ENDS = ",]}#\r\n"


@dataclass(frozen=True, slots=True)
class Place:
    """The stretch of the text that a value is written in, quotes and brackets included."""

    start: int
    end: int


def places_of(text: str) -> dict[Path, Place]:
    """The place of every value, of arrays and inline tables too.

    Raises ValueError for no TOML, and for a text that is out of bounds.
    """
    tables_of(text)
    return _Scan(text).run()


def line_of(text: str, offset: int) -> int:
    """The number of the line that a character stands in, from one."""
    return text.count("\n", 0, offset) + 1


class _Scan:
    """One walk over a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, Place] = {}
        self._counts: dict[Path, int] = {}

    def run(self) -> dict[Path, Place]:
        base: Path = ()
        while self._skip():
            if self.text[self.at] == "[":
                base = self._heading()
            else:
                self._pair(base)
        return self.found

    def _skip(self) -> bool:
        """Over blanks, line ends and comments; whether anything follows."""
        text, size = self.text, len(self.text)
        while self.at < size:
            sign = text[self.at]
            if sign in _SPACE:
                self.at += 1
            elif sign == "#":
                end = text.find("\n", self.at)
                self.at = size if end < 0 else end
            else:
                return True
        return False

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _BLANK:
            self.at += 1

    def _heading(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        keys = self._keys()
        self.at += 2 if is_array else 1
        path = self._inside(keys[:-1])
        path = (*path, keys[-1])
        if is_array:
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path = (*path, number)
        else:
            path = self._last(path)
        return path

    def _inside(self, keys: tuple[str, ...]) -> Path:
        """A path through tables: into the last one where a name is an array of tables."""
        path: Path = ()
        for key in keys:
            path = self._last((*path, key))
        return path

    def _last(self, path: Path) -> Path:
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _keys(self) -> tuple[str, ...]:
        """A dotted key, up to the sign behind it."""
        keys = []
        while True:
            self._blanks()
            keys.append(self._key())
            self._blanks()
            if self.text[self.at] != ".":
                return tuple(keys)
            self.at += 1

    def _key(self) -> str:
        if self.text[self.at] in "\"'":
            start = self.at
            self._string()
            return str(tomllib.loads(f"k = {self.text[start : self.at]}")["k"])
        start = self.at
        while self.text[self.at] not in f"{_BLANK}.=]":
            self.at += 1
        return self.text[start : self.at]

    def _pair(self, base: Path) -> None:
        keys = self._keys()
        self.at += 1
        self._blanks()
        self._value((*base, *keys))

    def _value(self, path: Path) -> None:
        start = self.at
        match self.text[start]:
            case '"' | "'":
                self._string()
            case "[":
                self._array(path)
            case "{":
                self._table(path)
            case _:
                self._bare()
        self.found[path] = Place(start, self.at)

    def _bare(self) -> None:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in _BARE_ENDS:
            self.at += 1
        while self.at > start and self.text[self.at - 1] in _BLANK:
            self.at -= 1

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip() and self.text[self.at] != "]":
            self._value((*path, number))
            number += 1
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _table(self, path: Path) -> None:
        self.at += 1
        while self._skip() and self.text[self.at] != "}":
            self._pair(path)
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _string(self) -> None:
        sign = self.text[self.at]
        mark = sign * 3 if self.text.startswith(sign * 3, self.at) else sign
        self.at += len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if sign == '"' and self.text[self.at] == "\\" else 1
        self.at += len(mark)
        # Two quotes more may stand before the closing three.
        while len(mark) == 3 and self.text.startswith(sign, self.at):
            self.at += 1
