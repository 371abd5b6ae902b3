"""What django-axes asks before each try (AXES_HANDLER): its own count, and the wider one."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest

from guatu.organisation import locks


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Five tries per account and address, and an end to guessing from many addresses."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this try is not even looked at."""
        login = locks.login_name(request, credentials)
        return bool(super().is_locked(request, credentials)) or locks.is_under_attack(
            request, login
        )
