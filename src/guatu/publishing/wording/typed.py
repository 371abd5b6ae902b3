"""What the author typed himself proves nothing: his figures are no measure for his figures."""

from __future__ import annotations

import re
from dataclasses import replace

from guatu.publishing.checking.figures import masked_by, plain
from guatu.publishing.wording.draft import PLACEHOLDER, Draft

TYPED = "〓"
"""Stands for a figure that the author typed; no figure agrees with it."""
_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?\n]*")
_PARTS = re.compile(rf"({PLACEHOLDER.pattern})")


def without_typed_figures(draft: Draft, composed: Draft) -> Draft:
    """The draft as a measure for the edited paper: live figures and the system's own sentences
    stay, every other figure is masked, and titles are the composed ones."""
    known = {sentence for one in composed.pieces for sentence in _SENTENCE.findall(one.text)}
    pieces = tuple(
        replace(
            one,
            text="".join(
                sentence if sentence in known else _masked(sentence)
                for sentence in _SENTENCE.findall(one.text)
            ),
        )
        for one in draft.pieces
    )
    return Draft(pieces)


def _masked(sentence: str) -> str:
    parts = _PARTS.split(sentence)
    # Split by one group inside another: text, placeholder, its name, text, …
    return "".join(
        part if at % 3 == 1 else masked_by(plain(part), TYPED)
        for at, part in enumerate(parts)
        if at % 3 != 2
    )
