"""One normal form for matching names as people type them; the original is what is stored."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOISE = re.compile(r"[\s\u200b\ufeff“”\"'‘’《》<>〈〉·•]+")
_BRACKETS = str.maketrans({"[": "(", "]": ")", "【": "(", "】": ")", "〔": "(", "〕": ")"})


def has_hidden_signs(text: str) -> bool:
    """Whether there are signs that nobody sees: controls, line breaks, marks of direction, halves
    of letters."""
    return any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in text)


@lru_cache(maxsize=1 << 16)
def match_form(text: str) -> str:
    """NFKC, no white space or quotes, round brackets, lower case: equal forms are one name."""
    while (form := _narrowed(text)) != text:
        # What was taken out may have stood between signs that now combine.
        text = form
    return form


def _narrowed(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_BRACKETS)).casefold()
