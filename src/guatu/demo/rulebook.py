"""The invented city's own rule book in two versions, written and published by two people.

It is not taken into use: the demo's lights stay those of the book that comes with the program.
"""

from __future__ import annotations

from dataclasses import dataclass

from guatu.assessment.models import RuleBookDraft
from guatu.assessment.services.drafts import Texts, save_draft, start_draft, submit_draft
from guatu.assessment.services.publish_book import publish_draft
from guatu.journal.types import Actor

BOOK = "jiangyuan"
BASE = "default"

type Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """What a version words otherwise than the text that it is drafted from, and why."""

    reason: str
    toml: Pairs
    text: Pairs
    examples: Pairs = ()


VERSIONS = (
    Version(
        "虚构：江源市第一次写自己的办法，界线照通用办法",
        toml=(
            (
                "# 通用进度办法：完成率与时间进度之差分四档。每条界线的依据见 text.md。",
                "# 虚构的演示城市自己的办法。",
            ),
            ("from = 2020-01-01", "from = 2025-01-01"),
            ('title = "通用进度亮灯办法"', 'title = "江源市重点项目进度亮灯办法（虚构）"'),
            (
                'source = "本平台通用办法，界线取各地公布办法中最常见的10、30个百分点"',
                'source = "虚构，演示用，不是任何一地的文件"',
            ),
        ),
        text=(
            ("# 通用进度亮灯办法", "# 江源市重点项目进度亮灯办法（虚构）"),
            (
                "出处：本平台自带，不是任何一地的文件。没有自己办法的单位可直接使用，也可照此改写。",
                "出处：虚构，演示用，不是任何一地的文件。照通用进度亮灯办法改写。",
            ),
        ),
    ),
    Version(
        "虚构：市里要求早预警，红灯由落后30个百分点提前到20个",
        toml=(
            ("from = 2025-01-01", "from = 2026-11-01"),
            ("落后时间进度 <= 30*百分点", "落后时间进度 <= 20*百分点"),
            ("落后时间进度 > 30*百分点", "落后时间进度 > 20*百分点"),
        ),
        text=(
            ("落后10至30个百分点，两端都含：黄。", "落后10至20个百分点，两端都含：黄。"),
            ("落后超过30个百分点：红。", "落后超过20个百分点：红。"),
        ),
        examples=(
            ("落后30个百分点整", "落后20个百分点整"),
            ('"450万元"', '"550万元"'),
            ("落后30个百分点多1元", "落后20个百分点多1元"),
            ("4499999", "5499999"),
        ),
    ),
)


def publish_own_book(writer: Actor, publisher: Actor) -> None:
    """Publish both versions; the second begins after the last locked round."""
    draft = start_draft(writer, BASE, None, BOOK)
    _publish(writer, publisher, draft, VERSIONS[0])
    for number, version in enumerate(VERSIONS[1:], 1):
        _publish(writer, publisher, start_draft(writer, BOOK, number), version)


def _publish(writer: Actor, publisher: Actor, draft: RuleBookDraft, version: Version) -> None:
    texts = Texts(
        reworded(draft.toml, version.toml),
        reworded(draft.text, version.text),
        reworded(draft.examples, version.examples),
    )
    draft = save_draft(writer, draft.pk, version=draft.version, texts=texts)
    draft = submit_draft(
        writer, draft.pk, version=draft.version, reason=version.reason, is_retroactive=False
    )
    publish_draft(publisher, draft.pk, version=draft.version)


def reworded(text: str, pairs: Pairs) -> str:
    """The text with other words. Raises ValueError where it does not hold them."""
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"the book's text has no {old!r}")
        text = text.replace(old, new, 1)
    return text
