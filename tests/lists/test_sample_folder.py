"""Whether the real lists are tried in this run: they are not part of the repository."""

from __future__ import annotations

from conftest import Say
from tests.lists.sample import FILES, VARIABLE, sample_folder


def test_the_run_says_whether_the_real_lists_are_tried(say: Say) -> None:
    folder = sample_folder()
    if folder is None:
        say(f"lists: not collected: {VARIABLE} is not set")
        return
    missing = [name for name in FILES if not (folder / name).is_file()]
    assert missing == [], f"{VARIABLE} is set, but its folder lists lacks {missing}"
