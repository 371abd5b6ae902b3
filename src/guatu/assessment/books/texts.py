"""What the program itself writes into a book's TOML: its id and the number of its version. Pure."""

from __future__ import annotations

from guatu.engines.rulebook.places import places_of


def with_head(toml: str, book_id: str, number: int) -> str:
    """The text with this id and version in its `[book]`; comments and spacing stay.

    What is no TOML, or has no such lines, is given back as it is: checking it names the fault.
    """
    try:
        places = places_of(toml)
    except (ValueError, RecursionError):
        return toml
    written = {("book", "id"): f'"{book_id}"', ("book", "version"): str(number)}
    found = [(places[path], text) for path, text in written.items() if path in places]
    for place, text in sorted(found, key=lambda one: one[0].start, reverse=True):
        toml = toml[: place.start] + text + toml[place.end :]
    return toml
