"""Names that follow from each other in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def circle_in(names: Iterable[str], sources: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The first circle found (its members in order), empty when there is none."""
    done: set[str] = set()
    for name in names:
        found = _walk(name, sources, done)
        if found:
            return found
    return ()


def _walk(start: str, sources: Callable[[str], Iterable[str]], done: set[str]) -> tuple[str, ...]:
    path: dict[str, None] = {}
    stack = [(start, iter(sources(start)))]
    path[start] = None
    while stack:
        name, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            path.pop(name)
            done.add(name)
        elif following in path:
            names = [*path]
            return tuple(names[names.index(following) :])
        elif following not in done:
            path[following] = None
            stack.append((following, iter(sources(following))))
    return ()
