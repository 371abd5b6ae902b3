"""Breaking a title into lines of whole words, trapezoid or diamond (clause 7.3.1)."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from guatu.engines.gongwen.breaking import NO_END, NO_START, text_width
from guatu.engines.gongwen.grid import SIZE_TITLE, TEXT_WIDTH, TITLE_CHARACTERS, cells
from guatu.engines.gongwen.types import GongwenError

_KNOWN = (
    "关于印发", "关于", "人民政府", "办公厅", "办公室", "领导小组", "指挥部", "委员会",
    "推进情况", "完成情况", "进展情况", "工作情况", "建设项目", "重点项目", "重大项目",
    "的通报", "的通知", "的报告", "情况表", "清单",
)  # fmt: skip
_TOKEN = re.compile(
    r"[0-9.]+(?:[—-][0-9.]+)?(?:年度?|月份?|日|季度|%)?|[A-Za-z0-9/.-]+|《[^》]*》|."
)
_PARTICLES = frozenset("的了和与")
_SHORTEST_LAST = 4
"""A last line of fewer characters (“通报” alone) looks like a slip."""


def title_lines(title: str | tuple[str, ...], keep: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The lines of a title: the author's own, checked, or broken here.

    Raises GongwenError for an empty line, for more than 20 characters in one, or when the
    words to keep leave no way to break.
    """
    if isinstance(title, tuple):
        for line in title:
            _require_line(line)
        if not title:
            raise _empty()
        return title
    if not title.strip():
        raise _empty()
    if _fits(title):
        return (title,)
    words = _words(title, keep)
    fewest = int(-(-cells(title) // TITLE_CHARACTERS))
    for count in range(fewest, fewest + 3):
        best = _best(words, count)
        if best:
            return best
    raise GongwenError.of_one(
        "title-unbreakable", f"标题“{title}”无法在不拆词的情况下排入每行20字", "请自行分行"
    )


def _require_line(line: str) -> None:
    if not line.strip():
        raise _empty()
    if not _fits(line):
        raise GongwenError.of_one(
            "title-line-too-long",
            f"标题行“{line}”超过20字或排不下一行",
            "2号字每行最多20字，请重新分行",
        )


def _fits(line: str) -> bool:
    """At most 20 characters, and no wider than the text with the gaps around figures."""
    return cells(line) <= TITLE_CHARACTERS and text_width(line, SIZE_TITLE) <= TEXT_WIDTH


def _empty() -> GongwenError:
    return GongwenError.of_one("title-empty", "标题为空", "请填写标题")


def _words(title: str, keep: tuple[str, ...]) -> list[str]:
    """The title as pieces that stay whole: words given, words known, figures with their unit."""
    wanted = sorted({*keep, *_KNOWN} - {""}, key=lambda word: (-len(word), word))
    pieces: list[str] = []
    at = 0
    while at < len(title):
        found = next((word for word in wanted if title.startswith(word, at)), None)
        if found is None:
            match = _TOKEN.match(title, at)
            found = match.group() if match else title[at]
        pieces.append(found)
        at += len(found)
    return _glued(pieces)


def _glued(pieces: list[str]) -> list[str]:
    """Particles and closing marks never start a line, opening marks never end one."""
    words: list[str] = []
    for piece in pieces:
        clings = piece[0] in NO_START or piece in _PARTICLES
        if words and (clings or words[-1][-1] in NO_END):
            words[-1] += piece
        else:
            words.append(piece)
    return words


def _best(words: list[str], count: int) -> tuple[str, ...] | None:
    options: list[tuple[float, tuple[str, ...]]] = []
    for cuts in combinations(range(1, len(words)), count - 1):
        edges = (0, *cuts, len(words))
        lines = tuple("".join(words[a:b]) for a, b in pairwise(edges))
        widths = [cells(line) for line in lines]
        if widths[-1] >= _SHORTEST_LAST and all(map(_fits, lines)):
            options.append((_ugliness(words, cuts, widths), lines))
    return min(options)[1] if options else None


def _ugliness(words: list[str], cuts: tuple[int, ...], widths: list[float]) -> float:
    """Lower is better: even lines, no hourglass, breaks beside words of more than one character."""
    spread = max(widths) - min(widths)
    steps = [b - a for a, b in pairwise(widths)]
    hourglass = any(a < 0 < b for a, b in pairwise(steps))
    # Two single characters at a break are probably the halves of an unknown word.
    doubtful = sum(len(words[cut - 1]) == 1 and len(words[cut]) == 1 for cut in cuts)
    return spread + 100 * hourglass + 8 * doubtful
