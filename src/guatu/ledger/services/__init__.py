"""Writes of the ledger, by intention: each checks the actor again and is one journalled act."""

from guatu.ledger.services.assigning import AssignTogether, assign_together
from guatu.ledger.services.bulk import change_many, undo_bulk_change
from guatu.ledger.services.duties import AssignDuty, assign_duty
from guatu.ledger.services.entries import add_to_list, leave_list, rejoin_list
from guatu.ledger.services.lists import ListWords, change_list, make_list
from guatu.ledger.services.projects import (
    NewProject,
    ProjectWords,
    add_alias,
    add_project,
    edit_project,
    withdraw_alias,
)
from guatu.ledger.services.saved_views import own_view, remove_view, rename_view, save_view
from guatu.ledger.services.terms import (
    add_term,
    ensure_words,
    merge_term,
    move_term,
    remove_term,
    rename_term,
)
from guatu.ledger.services.values import (
    RowsRefused,
    Told,
    record_value,
    record_values,
    subject_id,
    withdraw_value,
)

__all__ = [
    "AssignDuty",
    "AssignTogether",
    "ListWords",
    "NewProject",
    "ProjectWords",
    "RowsRefused",
    "Told",
    "add_alias",
    "add_project",
    "add_term",
    "add_to_list",
    "assign_duty",
    "assign_together",
    "change_list",
    "change_many",
    "edit_project",
    "ensure_words",
    "leave_list",
    "make_list",
    "merge_term",
    "move_term",
    "own_view",
    "record_value",
    "record_values",
    "rejoin_list",
    "remove_term",
    "remove_view",
    "rename_term",
    "rename_view",
    "save_view",
    "subject_id",
    "undo_bulk_change",
    "withdraw_alias",
    "withdraw_value",
]
