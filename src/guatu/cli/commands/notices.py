"""`guatu notices send`."""

from __future__ import annotations

import sys
from argparse import Namespace

from guatu.cli.session import actor_of
from guatu.core import clock
from guatu.notices.services import sweep
from guatu.notices.types import MessageState


def send(arguments: Namespace) -> int:
    """Send what is queued and due, one line each; exit 3 where something did not go out."""
    done = sweep(actor_of(arguments), clock.now())
    for one in done:
        word = MessageState(one.state).label
        told = f"{one.pk}\t{one.channel}\t{one.subject}\t"
        if one.state == MessageState.SENT:
            print(f"{told}{word}")
        else:
            print(f"{told}第{one.attempts}次没有发出，{word}：{one.fault}", file=sys.stderr)
    if not done:
        print("没有要发的消息。")
    return 3 if any(one.state != MessageState.SENT for one in done) else 0
