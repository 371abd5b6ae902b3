"""Writes of making a list, by intention."""

from guatu.ledger.making.services.applications import (
    SaveApplication,
    return_applications,
    save_application,
    settle_identity,
    submit_application,
    withdraw_application,
)
from guatu.ledger.making.services.calls import change_call, close_call, open_call, reopen_call
from guatu.ledger.making.services.decisions import decide
from guatu.ledger.making.services.opinions import ask_opinions, give_opinion
from guatu.ledger.making.services.taking import look_at, take_applications
from guatu.ledger.making.services.versions import freeze, make_version

__all__ = [
    "SaveApplication",
    "ask_opinions",
    "change_call",
    "close_call",
    "decide",
    "freeze",
    "give_opinion",
    "look_at",
    "make_version",
    "open_call",
    "reopen_call",
    "return_applications",
    "save_application",
    "settle_identity",
    "submit_application",
    "take_applications",
    "withdraw_application",
]
