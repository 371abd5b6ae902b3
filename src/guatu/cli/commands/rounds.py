"""`guatu periods | close | correct | assess`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from guatu.assessment import queries as assessment
from guatu.assessment.judging import GROUPINGS, Assessed
from guatu.assessment.models import Snapshot
from guatu.assessment.presenters import assessment_json
from guatu.assessment.services.assess import AssessRound, assess_for_record, assess_round
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import correct_round
from guatu.cli.screen import print_assessment, print_rankings
from guatu.cli.session import actor_of, approver_of, require_ready, tell, tell_run, write_json
from guatu.core.errors import BadInput, Fault, GuatuError
from guatu.core.periods import parse_period
from guatu.journal.types import Actor
from guatu.ledger.queries import find_list
from guatu.organisation import queries as organisation
from guatu.organisation.models import Switch
from guatu.organisation.types import SwitchName
from guatu.reporting import queries as reporting
from guatu.reporting.types import RoundState


def periods(arguments: Namespace) -> int:
    """List rounds: key, state, revision."""
    require_ready()
    rounds = reporting.rounds(closed_only=arguments.closed)
    if arguments.list_name:
        rounds = [r for r in rounds if r.list.name == arguments.list_name]
    if arguments.last:
        rounds = rounds[-1:]
    for r in rounds:
        revision = f"第{r.revision}版" if r.revision else "—"
        state = RoundState(r.state).label if r.revision < 2 else f"已更正（{r.revision - 1}）"
        print(f"{r.period.key}\t{r.list}\t{state}\t{revision}")
    return 0


def close(arguments: Namespace) -> int:
    """Lock a round."""
    actor = actor_of(arguments)
    period = parse_period(arguments.period)
    listing = find_list(period.year, arguments.list_name)
    the_round = reporting.find_round(listing, period)
    waiting = reporting.standings([the_round])[the_round.pk].to_answer
    snapshot = close_round(actor, listing, period, approver=approver_of(arguments))
    content = assessment.snapshot_content(snapshot)
    figures = [subject.figure_at(content.as_of) for subject in content.subjects]
    print(
        f"已锁定{listing}{period.key}：{snapshot.subject_count}个项目，"
        f"其中{figures.count(None)}个没有数据，{sum(bool(f and f.mark) for f in figures)}个待核实；"
        f"待答复疑问{waiting}条，未计入。"
    )
    print(f"定版数据sm3:{snapshot.content_sm3}，日志第{snapshot.journal_seq}条。")
    _keep_results(actor, snapshot)
    return 0


def _keep_results(actor: Actor, snapshot: Snapshot) -> None:
    """Make the results that pages show; the round is locked whether they come out or not."""
    try:
        assess_for_record(actor, snapshot)
    except GuatuError as error:
        tell(error.faults, "本期已锁定，测算结果没有做成")


def correct(arguments: Namespace) -> int:
    """Correct a locked round."""
    actor = actor_of(arguments)
    period = parse_period(arguments.period)
    listing = find_list(period.year, arguments.list_name)
    done = correct_round(
        actor,
        listing,
        period,
        arguments.files,
        reason=arguments.reason,
        approver=approver_of(arguments),
    )
    tell(done.taken.questioned, "已采用但待核实")
    if done.snapshot is None:
        print("与定版数据没有不同，没有更正。")
        return 0
    print(f"已更正{listing}{period.key}为第{done.snapshot.revision}版：{'、'.join(done.changed)}。")
    _keep_results(actor, done.snapshot)
    if done.touched_rounds:
        print(f"受影响的后续各期（未改动，请酌情更正）：{'、'.join(done.touched_rounds)}")
    return 0


def assess(arguments: Namespace) -> int:
    """Assess a locked round and print the figures."""
    actor = actor_of(arguments)
    period = parse_period(arguments.period)
    listing = find_list(period.year, arguments.list_name)
    by = tuple(part for part in arguments.by.split(",") if part)
    unknown = [part for part in by if part not in GROUPINGS]
    if unknown:
        raise BadInput(
            Fault("unknown-grouping", f"不能按“{unknown[0]}”分组", f"可用：{'、'.join(GROUPINGS)}")
        )
    the_round = reporting.find_round(listing, period)
    snapshot = assessment.snapshot_of(the_round, arguments.revision)
    assessed = assess_round(
        actor,
        snapshot,
        AssessRound(
            by=by,
            rulebook=arguments.rulebook,
            overrides={
                "digits": arguments.digits,
                "rounding": arguments.rounding,
                "gap": arguments.gap,
                "time-progress": arguments.time_progress,
                "start-rate": arguments.start_rate,
            },
        ),
    )
    rankings = _rankings_of(assessed, snapshot)
    if arguments.json:
        write_json(assessment_json(assessed, snapshot, rankings), arguments.json)
        if arguments.json != "-":
            print(f"已写入{Path(arguments.json).name}。")
    else:
        print_assessment(assessed)
    if rankings is not None and arguments.json != "-":
        print_rankings(assessed, rankings)
    tell_run(assessed.notices)
    return 0


def _rankings_of(assessed: Assessed, snapshot: Snapshot) -> Switch | None:
    """The switch that gives this assessment ranks: none are made of a part of the projects."""
    is_whole = len(assessed.measured) == snapshot.subject_count
    return organisation.switch_state(SwitchName.RANKINGS) if is_whole else None
