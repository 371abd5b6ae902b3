"""The error tree: everything a user can cause has one clear line and an exit code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, and what to do about it.

    `file`, `sheet` and `cell` are empty where they do not apply. `code` is stable and English,
    for tests and scripts; `what` and `remedy` are Chinese sentences without a final stop.
    As text it is one line: what a file put into it cannot break or turn the line (trust A-22).
    """

    code: str
    what: str
    remedy: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = " ".join(
            part
            for part in (
                f"文件“{self.file}”" if self.file else "",
                f"工作表“{self.sheet}”" if self.sheet else "",
                f"单元格{self.cell}" if self.cell else "",
            )
            if part
        )
        line = f"{place}：{self.what}" if place else self.what
        told = f"{line}。{self.remedy}。" if self.remedy else f"{line}。"
        return _CONTROLS.sub(" ", told)


class GuatuError(Exception):
    """Root of everything that is refused. Carries one `Fault` per line to print."""

    exit_code = 2

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults: tuple[Fault, ...] = faults

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> GuatuError:
        """Refuse for every fault at once, so that the user mends them in one go."""
        return cls(*faults)


class BadInput(GuatuError):
    """What was handed in is wrong; nothing was changed."""


class NotFound(GuatuError):
    """It does not exist, or does not exist for this user."""


class NotAllowed(GuatuError):
    """It is visible, but this user may not do that with it."""


class RoundClosed(GuatuError):
    """The round is locked (已锁定): only a numbered correction may change its figures."""


class Conflict(GuatuError):
    """Somebody else was faster; look again and repeat."""
