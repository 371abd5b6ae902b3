"""Who acts, and what a journalled model is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a user, or the built-in console of the command line.

    `user_id` is None for the console. Texts are kept as they were at the time of the act.
    """

    user_id: int | None
    text: str
    organisation_text: str = ""
    os_user: str = ""
    session_hash: str = ""

    @property
    def is_console(self) -> bool:
        """Whether the act comes from the server's own command line without a login."""
        return self.user_id is None


def console(os_user: str = "") -> Actor:
    """The built-in actor of the command line, recorded with the operating-system user."""
    return Actor(user_id=None, text="控制台", os_user=os_user)
