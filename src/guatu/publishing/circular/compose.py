"""`compose(figures)`: the whole circular as a document, within 4,000 characters."""

from __future__ import annotations

from dataclasses import replace

from guatu.engines.gongwen.types import (
    Block,
    Document,
    Heading,
    Imprint,
    Number,
    Paragraph,
    Run,
    Signature,
)
from guatu.publishing.circular.annexes import lagging_annex, region_annex, unit_annex
from guatu.publishing.circular.checks import require_consistent
from guatu.publishing.circular.lagging import Shortening, lagging, leaves_out, worst_first
from guatu.publishing.circular.overall import overall, starts
from guatu.publishing.circular.printing import day_text, period_name
from guatu.publishing.circular.regions import regions, units
from guatu.publishing.circular.types import CircularFigures

LONGEST = 4000
"""Characters of the body that a circular may have."""

LEFT_TO_WRITE = "（由起草人补写）"


def compose(figures: CircularFigures) -> Document:
    """The circular (通报) of one round: every number from `figures`, no invented measure (M-I2).

    Section 五 is left to its author and marked. Lists are shortened until the body holds at most
    4,000 characters; what is left out stands in a second annex. Raises BadInput when the figures
    contradict each other.
    """
    require_consistent(figures)
    figures = replace(figures, lagging=worst_first(figures.lagging, figures.time_progress))
    style = figures.style
    most = max(style.named_projects, 0)
    steps = [Shortening(most, 200, 60), Shortening(most, 80, 30)]
    steps += [Shortening(min(most, count), 40, count + 2) for count in (8, 6, 4, 3, 2, 1)]
    steps.append(Shortening(0, 0, 2))
    for step in steps:
        document = _document(figures, step)
        if body_length(document) <= LONGEST:
            break
    return document


def body_length(document: Document) -> int:
    """Characters of the body as word processors count them, blanks and annexes left out."""
    return sum(len("".join(block.text.split())) for block in document.blocks)


def _document(figures: CircularFigures, step: Shortening) -> Document:
    style = figures.style
    annexes = [region_annex(figures)]
    if names_units(figures):
        annexes.append(unit_annex(figures))
    if leaves_out(figures, step):
        annexes.append(lagging_annex(figures))
    number = figures.number
    if number is None and style.number_word:
        number = Number(style.number_word, (figures.dated_on or figures.period.last_on).year)
    return Document(
        title=f"关于{style.city}{period_name(figures.period)}{style.subject}推进情况的通报",
        keep=(style.city, style.subject, "推进情况"),
        addressee=style.addressee,
        blocks=tuple(_blocks(figures, step)),
        signature=Signature(style.issuer, figures.dated_on, sealed=style.sealed),
        logo=style.logo,
        number=number,
        annexes=tuple(annexes),
        imprint=Imprint(figures.copied_to, style.issuer),
    )


UNITS_ANNEX = "附件2"


def names_units(figures: CircularFigures) -> bool:
    """Whether there is something to say of the responsible units: of one there is not."""
    return len(figures.units) > 1


def _blocks(figures: CircularFigures, step: Shortening) -> list[Block]:
    by_unit = [units(figures, UNITS_ANNEX)] if names_units(figures) else []
    return [
        Paragraph.of(_opening(figures)),
        Heading(1, "总体情况"),
        *map(Paragraph.of, overall(figures)),
        Heading(1, "分地区分单位情况" if by_unit else "分地区情况"),
        *map(Paragraph.of, regions(figures, step.regions)),
        *map(Paragraph.of, by_unit),
        Heading(1, "开工情况"),
        *map(Paragraph.of, starts(figures)),
        Heading(1, "滞后项目及原因"),
        *lagging(figures, step, "附件3" if by_unit else "附件2"),
        Heading(1, "下一步工作"),
        Paragraph((Run(LEFT_TO_WRITE, marked=True),)),
    ]


def _opening(figures: CircularFigures) -> str:
    style = figures.style
    subject = f"{style.city}{period_name(figures.period)}{style.subject}"
    text = f"现将{subject}推进情况通报如下。"
    if figures.locked_on is None:
        return text
    version = f"第{figures.revision}版" if figures.revision > 1 else ""
    locked = day_text(figures.locked_on, figures.period.year)
    return f"{text}本通报使用{locked}锁定的{version}定版数据。"
