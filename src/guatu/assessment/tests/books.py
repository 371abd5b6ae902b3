"""A rule book that is written, sent in and published: what the tests of its pages play with."""

from __future__ import annotations

from guatu.assessment.models import RuleBookDraft, RuleBookVersion
from guatu.assessment.services.drafts import Texts, save_draft, start_draft, submit_draft
from guatu.assessment.services.publish_book import publish_draft
from tests.factories import Cast

OWN = "jiangyuan-2026"
REASON = "江办〔2026〕3号"
MOVED = (("落后时间进度 <= 30*百分点", "落后时间进度 <= 40*百分点"),
         ("落后时间进度 > 30*百分点", "落后时间进度 > 40*百分点"))  # fmt: skip
"""Red begins ten points later; with it two examples of the default book come out otherwise."""


def drafted(people: Cast, *, own_id: str = OWN, base: str = "default") -> RuleBookDraft:
    """The office begins its own book."""
    return start_draft(people.act_as("office"), base, None, own_id)


def texts_of(draft: RuleBookDraft) -> Texts:
    return Texts(draft.toml, draft.text, draft.examples)


def moved(draft: RuleBookDraft) -> Texts:
    """Red from 40 points on, with examples that fit."""
    toml = draft.toml
    for old, new in MOVED:
        assert old in toml
        toml = toml.replace(old, new)
    examples = draft.examples.replace('"450万元"', '"350万元"').replace("4499999", "3499999")
    return Texts(toml, draft.text, examples)


def saved(people: Cast, draft: RuleBookDraft, texts: Texts) -> RuleBookDraft:
    return save_draft(people.act_as("office"), draft.pk, version=draft.version, texts=texts)


def submitted(people: Cast, draft: RuleBookDraft, *, is_retroactive: bool = False) -> RuleBookDraft:
    return submit_draft(
        people.act_as("office"),
        draft.pk,
        version=draft.version,
        reason=REASON,
        is_retroactive=is_retroactive,
    )


def published(
    people: Cast, draft: RuleBookDraft, *, is_retroactive: bool = False
) -> RuleBookVersion:
    """Sent in by the office, published by the second person."""
    waiting = submitted(people, draft, is_retroactive=is_retroactive)
    second = people.act_as("second_office")
    return publish_draft(second, waiting.pk, version=waiting.version)
