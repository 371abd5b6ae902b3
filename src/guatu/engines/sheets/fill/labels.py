"""What the head of a section or a sum says: 一、临江区（38个） is the region 临江区."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guatu.core.names import match_form
from guatu.engines.sheets.fill.types import SummaryFigures
from guatu.engines.sheets.rows import AMONG, head_style

TRAITS = ("region", "sector", "nature", "unit")
_COUNT = re.compile(r"[(（\[]?\s*共?\s*\d+\s*(?:个|项|宗)?(?:项目)?\s*[)）\]]?\s*[:：]?\s*$")
_SUM = re.compile(r"(?:总\s*计|合\s*计|小\s*计|共\s*计)\s*[:：]?\s*$")
_TAIL = re.compile(r"(?:类项目|领域项目|领域|项目|类)$")
EVERYTHING = re.compile(
    r"^(?:全[省市县区州盟旗]|[省市州县区]级|本[市县区])?(?:总\s*计|合\s*计|共\s*计|总合计)$"
)


def clean_label(label: str) -> str:
    """The words of a head without numbering, count and 小计."""
    text = label.strip()
    if match := AMONG.match(text):
        text = match["rest"]
    if styled := head_style(text):
        text = styled[1] or text
    text = _COUNT.sub("", text).strip() if re.search(r"\d", text) else text
    return _SUM.sub("", text).strip()


def is_everything(label: str) -> bool:
    """Whether a sum calls itself the sum of the whole table: 合计, 全市合计（320个）."""
    text = _COUNT.sub("", label.strip()) if re.search(r"\d", label) else label.strip()
    return EVERYTHING.match("".join(text.split())) is not None


class Labels:
    """Finds the trait that a label names among those of the projects of the run."""

    def __init__(self, figures: SummaryFigures) -> None:
        self._known: dict[str, dict[str, str]] = {trait: {} for trait in TRAITS}
        for trait in TRAITS:
            values = {p.traits[trait] for p in figures.projects if p.traits.get(trait)}
            others: Mapping[str, Iterable[str]] = figures.other_names.get(trait, {})
            for value in sorted(values | set(others)):
                for name in (*others.get(value, ()), value):
                    for form in {match_form(name), _stem(name)}:
                        self._known[trait].setdefault(form, value)

    def value(self, trait: str, label: str) -> str | None:
        """The region, sector, nature or unit that a label names, as printed."""
        words = clean_label(label)
        known = self._known[trait]
        return known.get(match_form(words)) or known.get(_stem(words))

    def any_value(self, label: str) -> tuple[str, str] | None:
        """The first trait that knows the label, and its value."""
        for trait in TRAITS:
            if value := self.value(trait, label):
                return trait, value
        return None


def _stem(name: str) -> str:
    form = match_form(name)
    return _TAIL.sub("", form) or form
