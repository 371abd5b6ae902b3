"""The WSGI entry point that gunicorn serves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.config.settings")
_site = get_wsgi_application()
_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)
_UNREADABLE = "请求的格式不对，没有改动任何数据；请返回重试"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request; one whose head Django cannot read, before any page is asked, is refused."""
    try:
        return _site(environ, start_response)
    except BadRequest:
        start_response("400 Bad Request", list(_HEADERS))
        return [_UNREADABLE.encode()]
