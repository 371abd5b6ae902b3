"""What a subject is among others, as window functions: ranks, and figures of its group (M-D4)."""

from __future__ import annotations

from guatu.engines.rulebook.sql.dialects import INT64, not_in_sql
from guatu.engines.rulebook.sql.frame import Expression, Frame, Plain, single
from guatu.engines.rulebook.sql.integers import Int, Pair
from guatu.engines.rulebook.sql.ordering import ratio_order
from guatu.engines.rulebook.types import Kind, Measure, Peers, Ranking

_SUBJECTS = 10**9
"""More subjects than any relation holds."""


def rank(frame: Frame, measure: Measure) -> Expression:
    """1 is best; ties share a rank, the next is skipped (or not, where dense). Who has no value,
    no group or does not compete has none."""
    ranking, alias = measure.detail, frame.alias(measure.name)
    assert isinstance(ranking, Ranking)
    value = frame.exact(measure.of[0])
    known = value.bottom.sql if isinstance(value, Pair) else value.sql
    competes = [f"{known} IS NOT NULL"]
    group = ""
    if ranking.within:
        group = single(frame.exact(ranking.within))
        competes.append(f"{group} IS NOT NULL")
    competes.append(frame.counts(ranking.among.when if ranking.among else None))
    is_in = single(frame.place(Plain(f"({' AND '.join(competes)})"), f"{alias}_in"))
    way = "DESC" if ranking.lowest_first is ranking.from_last else "ASC"
    order = ", ".join(f"{key} {way}" for key in _keys(frame, measure, value, alias))
    name = "DENSE_RANK" if ranking.ties == "dense" else "RANK"
    apart = ", ".join(one for one in (is_in, group) if one)
    window = f"{name}() OVER (PARTITION BY {apart} ORDER BY {order})"
    return Int(f"CASE WHEN {is_in} THEN {window} END", _SUBJECTS)


def _keys(frame: Frame, measure: Measure, value: Expression, alias: str) -> tuple[str, ...]:
    if not isinstance(value, Pair):
        if frame.catalogue[measure.of[0]].kind in (Kind.TEXT, Kind.BOOL):
            raise not_in_sql(f"“{measure.of[0]}”不能排名次")
        return (value.sql,)
    largest = (value.top.bound, value.bottom.bound)
    if max(largest) > INT64:
        raise not_in_sql(f"“{measure.of[0]}”的分子分母太大，不能由数据库排名次")
    ordering = ratio_order(
        frame.dialect, value.top.sql, value.bottom.sql, largest=largest, prefix=f"{alias}_k"
    )
    for stage in ordering.stages:
        for column in stage:
            sql, _, name = column.rpartition(" AS ")
            frame.place(Plain(sql), name)
    return ordering.keys


def peers(frame: Frame, measure: Measure) -> Expression:
    """Sum, mean, highest, lowest or number over the subjects of the same group."""
    detail = measure.detail
    assert isinstance(detail, Peers)
    group = single(frame.exact(detail.within)) if detail.within else ""
    among = frame.counts(detail.among.when if detail.among else None)
    over = f"OVER ({f'PARTITION BY {group}' if group else ''})"

    known = f"{group} IS NOT NULL" if group else "TRUE"
    if detail.take == "count":
        return Int(_when(known, f"COUNT(CASE WHEN {among} THEN 1 END) {over}"), _SUBJECTS)
    value = frame.exact(measure.of[0])
    if not isinstance(value, Int):
        raise not_in_sql(f"“{measure.of[0]}”不是整数的量，不能由数据库合计")
    taken = f"CASE WHEN {among} THEN {value.sql} END"
    if not detail.skips:
        known += f" AND COUNT({taken}) {over} = COUNT(CASE WHEN {among} THEN 1 END) {over}"
    if detail.take in ("highest", "lowest"):
        name = "MAX" if detail.take == "highest" else "MIN"
        return Int(_when(known, f"{name}({taken}) {over}"), value.bound, value.wide)
    bound = value.bound * 10**7
    kind = frame.dialect.wide if bound > INT64 else "BIGINT"
    total = Int(_when(known, f"CAST(SUM({taken}) {over} AS {kind})"), bound, bound > INT64)
    if detail.take == "sum":
        return total
    number = f"NULLIF(COUNT({taken}) {over}, 0)"
    return Pair(total, Int(_when(known, number), 10**7))


def _when(known: str, sql: str) -> str:
    return sql if known == "TRUE" else f"CASE WHEN {known} THEN {sql} END"
