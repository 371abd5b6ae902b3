"""Who gets what at every address: one row per route (house.md 2, trust A-13, C-1).

`own` and `other` name the actors that get an answer for an object of that world; everybody else
gets `refused` (404 where the object does not exist for him, 403 where the page does). Anonymous
visitors are led to the login everywhere but on `is_open` pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.site.worlds import ACTORS

EVERYBODY = frozenset(ACTORS)
NOBODY: frozenset[str] = frozenset()
OFFICE = frozenset({"office", "second_office"})
WHOLE = OFFICE | {"viewer"}
BUSINESS = EVERYBODY - {"system", "security", "audit"}
SEE_OWN = WHOLE | {"leader", "reporter", "reviewer", "department"}
SEE_OTHER = WHOLE | {"outsider"}


@dataclass(frozen=True, slots=True)
class Route:
    """What a route answers. `posts` is what an allowed actor posts (None: a page to read).

    `ids` names the object that a parameter stands for where it is another than its own name
    says: `{"round_id": "closed_round_id"}`.
    """

    own: frozenset[str]
    other: frozenset[str] | None = None
    refused: int = 404
    status: int = 200
    posts: dict[str, str] | None = None
    is_open: bool = False
    ids: dict[str, str] = field(default_factory=dict)

    def allowed(self, world: str) -> frozenset[str]:
        """Who gets an answer for that world's object."""
        return self.own if world == "own" or self.other is None else self.other


MATRIX: dict[str, Route] = {
    "desk": Route(EVERYBODY),
    "library": Route(EVERYBODY),
    "library-export": Route(BUSINESS - {"inspector"}),
    "project": Route(SEE_OWN, SEE_OTHER),
    "account_login": Route(EVERYBODY, status=302, is_open=True),
    "account_logout": Route(EVERYBODY, status=302, posts={}),
    "password-change": Route(EVERYBODY),
    "resume": Route(EVERYBODY, status=302),
}
"""By URL name. A route without a row fails `test_every_route_has_a_row`."""
