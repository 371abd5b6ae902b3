"""Money is whole yuan in integers (architecture §5.1)."""

from __future__ import annotations

from guatu.core.ratio import Rounding, decimal_text, round_scaled

WAN = 10_000
YI = 100_000_000
UNITS: dict[str, int] = {"元": 1, "千元": 1_000, "万元": WAN, "百万元": 1_000_000, "亿元": YI}
LIMIT = 10**13
"""A cell above 10 万亿元 is a slip of the unit, never a project."""


def in_unit(yuan: int, unit: str, digits: int, rounding: Rounding = Rounding.HALF_UP) -> str:
    """`in_unit(62_900_000_000, "亿元", 1)` → `"629.0"`. Raises KeyError for an unknown unit."""
    return decimal_text(
        round_scaled(yuan, UNITS[unit], scale=10**digits, rounding=rounding), digits
    )


def wan_text(yuan: int) -> str:
    """`wan_text(1_234_500)` → `"123.45"`: exactly in 万元, without trailing zeros or the unit."""
    return in_unit(yuan, "万元", 4).rstrip("0").rstrip(".")


def wan_words(yuan: int) -> str:
    """An amount as a sentence says it: `5,025万元`, and from a hundred million on with the same in
    亿元: `66,400万元（6.64亿元）`."""
    whole, point, rest = wan_text(abs(yuan)).partition(".")
    text = f"{'-' if yuan < 0 else ''}{int(whole):,}{point}{rest}万元"
    if abs(yuan) < YI:
        return text
    whole, _, rest = in_unit(abs(yuan), "亿元", 2).partition(".")
    return f"{text}（{'-' if yuan < 0 else ''}{int(whole):,}.{rest}亿元）"
