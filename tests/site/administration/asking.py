"""How these tests ask: a browser by name, a post with its token, the text of an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from guatu.ui.tokens import new_token

Browse = Callable[[str], Client]
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","x")'


def post(browser: Client, path: str, **told: object) -> Any:
    return browser.post(path, {"form_token": new_token(), **told})


def text(response: Any) -> str:
    return str(response.content.decode())
