"""One invented year in plain numbers: what was called for, issued, adjusted, reported, corrected.

Nothing here comes from the platform; the journey types these numbers in, `sums` adds them up.
Money in 万元; months are 1–12 of 2027, `done` a project's cumulative investment month by month,
None where it was not on the list.
"""

from __future__ import annotations

from dataclasses import dataclass

NORTH, RIVER = "江北区", "临江区"


@dataclass(frozen=True, slots=True)
class Works:
    """One project. `before` is what it had done since its start by the end of 2026; `issued` the
    plan of the list as issued, None where it was not on it; `plans` later plans by the month
    from whose end they hold; `joined` and `left` months."""

    name: str
    region: str
    total: int
    before: int = 0
    issued: int | None = None
    plans: tuple[tuple[int, int], ...] = ()
    joined: int = 1
    left: int = 13
    done: tuple[int | None, ...] = ()

    def is_on(self, month: int) -> bool:
        """Whether it stands on the list at the end of a month."""
        return self.joined <= month < self.left

    def plan(self, month: int) -> int | None:
        """Its plan at the end of a month; the list was issued in February."""
        plan = self.issued if month >= ISSUED_IN else None
        for since, amount in self.plans:
            plan = amount if month >= since else plan
        return plan


ISSUED_IN = 2
OLD = (
    # name, region, total, plan of 2026, done in 2026, done since its start, completed
    ("江北产业园一期", NORTH, 30_000, 10_000, 10_000, 30_000, "2026年12月20日"),
    ("滨江路改造", NORTH, 40_000, 8_000, 7_200, 9_200, ""),
    ("北站枢纽", NORTH, 60_000, 6_000, 5_000, 5_000, ""),
    ("临江污水厂", RIVER, 50_000, 9_000, 4_000, 4_000, ""),
    ("临江湿地公园", RIVER, 16_000, 3_000, 0, 0, ""),
)
"""The list of 2026 at its end."""

_: None = None
YEAR = (
    Works(
        "滨江路改造", NORTH, 40_000, 9_200, 12_000,
        done=(500, 1100, 2000, 3100, 4300, 5400, 6400, 7500, 8600, 9800, 10900, 12000),
    ),
    Works(
        "北站枢纽", NORTH, 60_000, 5_000, 15_000,
        done=(0, 600, 1500, 2800, 4200, 5700, 7200, 8700, 10200, 11800, 13400, 15200),
    ),
    Works(
        "临江污水厂", RIVER, 50_000, 4_000, 18_000,
        done=(800, 1700, 3000, 4100, 5300, 6500, 7700, 8800, 9800, 10900, 12000, 13000),
    ),
    Works("临江湿地公园", RIVER, 16_000, 0, 6_000, left=6, done=(0, 0, 0, 0, 0) + (_,) * 7),
    Works(
        "江北智算中心", NORTH, 80_000, 0, 20_000, plans=((9, 16_000),), joined=2,
        done=(_, 0, 1000, 2200, 3800, 5200, 6900, 8400, 10000, 11600, 13300, 15000),
    ),
    Works(
        "江北储能站", NORTH, 25_000, 0, 9_000, joined=2,
        done=(_, 0, 300, 900, 1700, 2500, 3400, 4300, 5200, 6000, 6900, 7900),
    ),
    Works(
        "冷链物流园", RIVER, 21_000, 0, 7_000, joined=2, left=9,
        done=(_, 0, 200, 500, 700, 900, 1000, 1100) + (_,) * 4,
    ),
    Works(
        "临江智造园", RIVER, 18_000, 0, plans=((6, 5_000),), joined=6,
        done=(_,) * 5 + (100, 500, 1000, 1600, 2400, 3300, 4300),
    ),
)  # fmt: skip
"""The year of every project that was on the list of 2027 at some time."""

REFUSED = Works("江北观景台", NORTH, 3_000)
"""Applied for and not listed."""

CORRECTIONS = {
    (3, "滨江路改造"): 1800,
    (8, "江北储能站"): 4100,
    (12, "临江污水厂"): 12500,
}
"""What was found wrong after a round was locked: the right cumulative figure."""

UNCHANGED = (5, "临江湿地公园")
"""The report that says 本期无变化."""
