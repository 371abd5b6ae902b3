"""guatu bench: its bars fail a run that misses them."""

from __future__ import annotations

import pytest

from guatu.cli.commands import bench
from tests.cli.calls import Guatu


def measured(monkeypatch: pytest.MonkeyPatch, name: str, ratio: float) -> None:
    """Let a benchmark have found this."""
    _, measure = bench.BENCHES[name]
    found = {"bench": name, measure: ratio, "bar": 2}
    monkeypatch.setitem(bench.BENCHES, name, (lambda: found, measure))


@pytest.mark.parametrize("name", ["import", "assess"])
@pytest.mark.parametrize("ratio", [1.99, 2])
def test_a_benchmark_that_keeps_its_bar_passes(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch, name: str, ratio: float
) -> None:
    measured(monkeypatch, name, ratio)
    ran = guatu("bench", name)
    assert (ran.code, ran.err) == (0, "")
    assert "bar=2" in ran.out


@pytest.mark.parametrize(("ratio", "code"), [(0.02, 0), (0.0199, 1)])
def test_pages_that_are_too_slow_fail(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch, ratio: float, code: int
) -> None:
    """A ratio of pages over the bare view has a floor, not a bar."""
    _, measure = bench.BENCHES["pages"]
    found = {"bench": "pages", measure: ratio, "floor": 0.02}
    monkeypatch.setitem(bench.BENCHES, "pages", (lambda: found, measure))
    ran = guatu("bench", "pages")
    assert ran.code == code
    assert ran.err == ("测速pages低于下限：lowest_ratio为0.0199，下限0.02。\n" if code else "")


@pytest.mark.parametrize("name", ["import", "assess"])
@pytest.mark.parametrize("words", [[], ["--json", "-"]])
def test_a_benchmark_that_misses_its_bar_fails_and_says_which(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch, name: str, words: list[str]
) -> None:
    """The twin of the test above: the bar can fail."""
    measured(monkeypatch, name, 2.01)
    ran = guatu("bench", name, *words)
    assert ran.code == 1
    assert ran.err == f"测速{name}超出上限：{bench.BENCHES[name][1]}为2.01，上限2。\n"
    assert ran.out, "the figures are printed all the same"
