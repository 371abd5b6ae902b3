"""What a workbook carries about itself, signed: round, unit, and every cell as it went out. Pure
but for Django's signing, whose key is the installation's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

SALT = "guatu.reporting.workbook"
PIECE = 30_000
"""Signs in a cell; Excel holds 32,767."""
_VERSION = 1
_WHITE = re.compile(r"\s+")


class NotOurs(Exception):
    """The token was not signed by this installation, or was changed, or is cut off."""


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One project as it went out: its `uid`, the state that the report was in (`seen`), what the
    locked and the open cells said, in the order of the columns."""

    uid: str
    seen: str
    locked: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """One workbook as it went out. `heads` are the locked lines above the projects; `at` the
    moment, in ISO."""

    round_id: int
    unit_id: int
    at: str
    heads: tuple[str, ...]
    rows: tuple[IssuedRow, ...]


def signed(one: Issued) -> list[str]:
    """The token in pieces that fit a cell each."""
    rows = [[row.uid, row.seen, row.locked, row.opened] for row in one.rows]
    content = [_VERSION, one.round_id, one.unit_id, one.at, one.heads, rows]
    text = signing.dumps(content, salt=SALT, compress=True)
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def unsigned(pieces: Sequence[object]) -> Issued:
    """What `signed` was given. Raises NotOurs for anything else."""
    text = _WHITE.sub("", "".join(str(piece) for piece in pieces))
    try:
        version, round_id, unit_id, at, heads, rows = signing.loads(text, salt=SALT)
        if version != _VERSION:
            raise NotOurs
        return Issued(
            round_id,
            unit_id,
            at,
            tuple(heads),
            tuple(IssuedRow(uid, seen, tuple(a), tuple(b)) for uid, seen, a, b in rows),
        )
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotOurs from error
