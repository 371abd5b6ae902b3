"""Every address × every object position × every role (trust C-1 to C-6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import Say
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.site.matrix import MATRIX, Route
from tests.site.worlds import ACTORS, CANARY, Worlds

pytestmark = [
    pytest.mark.django_db,
    # Who sees what is decided above the database; it is asked there in `make test-long`.
    *([pytest.mark.long] if connection.vendor == "postgresql" else []),
]


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its name."""
    yield from _walk(get_resolver())


def _walk(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern)
        else:
            yield pattern.name or str(pattern.pattern), pattern


def test_every_route_has_a_row() -> None:
    names = {name for name, _ in routes()}
    assert names == set(MATRIX)


def test_a_route_without_a_row_would_be_found() -> None:
    assert {name for name, _ in routes()} - (set(MATRIX) - {"desk"}) == {"desk"}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_role_gets_what_the_matrix_says(worlds: Worlds, name: str, say: Say) -> None:
    wrong = []
    for world in ("own", "other"):
        for actor in (*ACTORS, "anonymous"):
            found, body = _answer(worlds, name, world, actor)
            expected = _expected(MATRIX[name], world, actor)
            if found != expected:
                wrong.append(f"{actor} at {name} of {world}: {found}, expected {expected}")
            if CANARY in body and actor not in MATRIX[name].allowed("other"):
                wrong.append(f"{actor} at {name} of {world} reads the other world's words")
    assert not wrong, "\n".join(wrong)


def test_the_size_of_the_matrix(say: Say) -> None:
    tried = len(MATRIX) * 2 * (len(ACTORS) + 1)
    say(f"two-world matrix: {len(MATRIX)} routes, {tried} answers as stored")
    assert tried


def _answer(worlds: Worlds, name: str, world: str, actor: str) -> tuple[int, str]:
    ids = getattr(worlds, world).ids
    pattern = next(pattern for found, pattern in routes() if found == name)
    kwargs = {key: ids[MATRIX[name].ids.get(key, key)] for key in pattern.pattern.converters}
    address, browser = reverse(name, kwargs=kwargs), worlds.client(actor)
    row = MATRIX[name]
    posted = None if row.posts is None else {**row.posts, TOKEN_FIELD: new_token()}
    response = browser.get(address) if posted is None else browser.post(address, posted)
    content = b"" if response.streaming else response.content
    return response.status_code, content.decode(errors="replace")


def _expected(row: Route, world: str, actor: str) -> int:
    if actor == "anonymous":
        return row.open_status if row.is_open else 302
    if actor in row.allowed(world):
        return row.status
    return 403 if actor in row.sees(world) else row.refused
