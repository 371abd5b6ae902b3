"""The form of the chain: golden vectors, the second implementation, canonical JSON, marks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines import chain
from guatu.engines.chain import Link, Mark
from guatu.engines.chain.tests import second_implementation as second

HERE = Path(__file__).parent
GOLDEN: list[dict[str, Any]] = json.loads((HERE / "golden.json").read_text("utf-8"))["links"]

type Plain = bool | int | str | list[Plain] | dict[str, Plain] | None
text = st.text(st.characters(exclude_categories=["Cs"]))
plain_values: st.SearchStrategy[Plain] = st.recursive(
    st.none() | st.booleans() | st.integers() | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


def golden_links() -> list[Link]:
    return [Link(g["seq"], g["alg"], g["body"], g["prev"], g["hash"]) for g in GOLDEN]


def test_golden_vectors_come_out_again() -> None:
    before = None
    for golden, expected in zip(GOLDEN, golden_links(), strict=True):
        link = chain.append(before, golden["given"], golden["alg"])
        assert link == expected
        before = Mark(link.seq, link.hash)


def test_the_second_implementation_agrees_on_the_golden_vectors() -> None:
    for golden in GOLDEN:
        assert second.canonical({**golden["given"], "seq": golden["seq"]}) == golden["body"]
        assert second.link_hash(golden["alg"], golden["prev"], golden["body"]) == golden["hash"]
    assert second.first_wrong(GOLDEN) is None


def test_the_second_implementation_runs_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    rows = [
        {key: golden[key] for key in ("seq", "alg", "body", "prev", "hash")} for golden in GOLDEN
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    command = [sys.executable, "-I", str(HERE / "second_implementation.py"), str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert told == GOLDEN[-1]["hash"]


def test_sm3_is_the_standards() -> None:
    # GB/T 32905-2016, appendix A.
    abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    long = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert chain.sm3(b"abc") == second.sm3(b"abc") == abc
    assert chain.sm3(b"abcd" * 16) == second.sm3(b"abcd" * 16) == long


@given(st.binary(max_size=300))
def test_both_sm3_agree_on_any_bytes(data: bytes) -> None:
    assert chain.sm3(data) == second.sm3(data)


@given(plain_values)
def test_canonical_form_is_the_same_in_both_and_reads_back(value: Plain) -> None:
    written = chain.canonical(value)
    assert written == second.canonical(value)
    assert json.loads(written) == value
    assert chain.canonical(json.loads(written)) == written


@given(st.dictionaries(text, st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert chain.canonical(dict(reversed(value.items()))) == chain.canonical(value)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), b"x", {1: 2}, {"a": {None: 1}}, {1, 2}, object()]
)
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="canonical JSON"):
        chain.canonical(value)


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(ValueError, match="md5"):
        chain.append(None, {"act": "x"}, alg="md5")


def make_links(count: int) -> list[Link]:
    """A chain of invented acts."""
    links: list[Link] = []
    before = None
    for n in range(1, count + 1):
        body: dict[str, object] = {
            "act": "report.submitted",
            "actor": f"填报员{n % 7}",
            "changes": n,
        }
        links.append(chain.append(before, body, "sha256" if n % 10 == 0 else "sm3"))
        before = Mark(n, links[-1].hash)
    return links


def test_a_whole_chain_has_no_break() -> None:
    links = make_links(30)
    assert chain.first_break(links) is None
    assert chain.first_break(links, [Mark(30, links[-1].hash), Mark(7, links[6].hash)]) is None
    assert chain.first_break([]) is None


def test_a_chain_can_be_followed_from_a_known_mark() -> None:
    links = make_links(30)
    known = Mark(20, links[19].hash)
    head = Mark(30, links[-1].hash)
    assert chain.first_break(links[20:], [head], since=known) is None
    broken = chain.first_break(links[21:], [head], since=known)
    assert broken is not None
    assert broken.seq == 21


def test_every_mark_must_hold_also_where_two_speak_of_one_row() -> None:
    # The head inside the database must not overrule the checkpoint kept outside, or the reverse.
    links = make_links(5)
    good, bad = Mark(5, links[4].hash), Mark(5, "f" * 64)
    for marks in ([good, bad], [bad, good]):
        broken = chain.first_break(links, marks)
        assert broken is not None
        assert broken.seq == 5


@pytest.mark.parametrize(
    "body", ["", "[]", "1", '"seq"', "{", '{"seq":"1"}', '{"seq": 1}', "\ud800", "[" * 9000]
)
def test_a_body_that_is_none_is_named_even_with_a_fitting_hash(body: str) -> None:
    try:
        digest = chain.link_hash("sm3", chain.GENESIS, body)
    except UnicodeEncodeError:
        digest = "0" * 64
    broken = chain.first_break([Link(1, "sm3", body, chain.GENESIS, digest)])
    assert broken is not None
    assert broken.seq == 1
