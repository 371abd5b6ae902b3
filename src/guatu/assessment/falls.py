"""A cumulative sum that is less than the round before had: by how much, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.core.yuan import in_unit

_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Fall:
    """`before_yuan` and `now_yuan` are the sums; the rest are the projects that took away from
    them and what each kind took: no data now, a lower figure of their own, or left the sum."""

    before_yuan: int
    now_yuan: int
    silent: int = 0
    silent_yuan: int = 0
    reduced: int = 0
    reduced_yuan: int = 0
    left: int = 0
    left_yuan: int = 0

    @property
    def fallen_yuan(self) -> int:
        """How much less than before."""
        return self.before_yuan - self.now_yuan

    @property
    def words(self) -> str:
        """The fall with its operands: a cumulative sum falls for a reason, and the reason stands
        beside it."""
        parts = [
            f"{count}个{what}{_yi(yuan)}亿元"
            for count, what, yuan in (
                (self.silent, "无数据，上期计", self.silent_yuan),
                (self.reduced, "核减，减少", self.reduced_yuan),
                (self.left, "调出或不再计入，上期计", self.left_yuan),
            )
            if count
        ]
        why = "；".join(parts)
        head = f"累计比上期少{_yi(self.fallen_yuan)}亿元（{_yi(self.before_yuan)}→"
        return f"{head}{_yi(self.now_yuan)}）" + (f"：{why}" if why else "")


@dataclass(frozen=True, slots=True)
class Silence:
    """Projects that had a figure in the round before and have none now, and what they had."""

    count: int
    yuan: int


def silence_of(before: Mapping[int, int | None], now: Mapping[int, int | None]) -> Silence | None:
    """What falls out of a sum because nobody reported it; None where nothing does."""
    lost = [
        yuan for pk, yuan in before.items() if yuan is not None and pk in now and now[pk] is None
    ]
    return Silence(len(lost), sum(lost)) if lost else None


def fall_of(before: Mapping[int, int | None], now: Mapping[int, int | None]) -> Fall | None:
    """The fall between two rounds, of cumulative yuan by project in scope (None: no data).

    None where the sum did not fall.
    """
    old = {pk: yuan for pk, yuan in before.items() if yuan is not None}
    new = {pk: yuan for pk, yuan in now.items() if yuan is not None}
    if not old or sum(new.values()) >= sum(old.values()):
        return None
    silence = silence_of(before, now) or Silence(0, 0)
    reduced = [yuan - new[pk] for pk, yuan in old.items() if pk in new and new[pk] < yuan]
    left = [yuan for pk, yuan in old.items() if pk not in now]
    return Fall(
        sum(old.values()),
        sum(new.values()),
        silence.count,
        silence.yuan,
        len(reduced),
        sum(reduced),
        len(left),
        sum(left),
    )


def _yi(yuan: int) -> str:
    return in_unit(yuan, "亿元", _DIGITS)
