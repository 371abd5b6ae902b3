"""`guatu serve` and `guatu frontend`: the site behind gunicorn and whitenoise."""

from __future__ import annotations

import socket
from argparse import Namespace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver
from django.utils.module_loading import import_string

from guatu.cli.session import require_ready
from guatu.core.errors import Fault, GuatuError
from guatu.ui import frontend


def serve(arguments: Namespace) -> int:
    """Serve the site until it is stopped (Ctrl-C or SIGTERM)."""
    require_ready()
    run_site(arguments.host, arguments.port, arguments.workers)
    return 0


def install_frontend(arguments: Namespace) -> int:
    """Install the front-end packages that the lock names."""
    frontend.install(Path(settings.FRONTEND), for_tests=arguments.for_tests)
    print(f"前端文件已装好：{settings.FRONTEND}")
    return 0


def run_site(host: str, port: int, workers: int) -> None:
    """Make the static files ready, then hand over to gunicorn; returns when it has stopped."""
    _require_free(host, port)
    if not frontend.is_ready(Path(settings.FRONTEND)):
        print("正在安装前端文件……", flush=True)
        frontend.install(Path(settings.FRONTEND))
    call_command("collectstatic", interactive=False, verbosity=0)
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]
        """gunicorn with our options instead of its command line."""

        def load_config(self) -> None:
            for key, value in _options(host, port, workers).items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            site = import_string(settings.WSGI_APPLICATION)
            # The views now, not while the first of its users waits.
            get_resolver().url_patterns  # noqa: B018 (read for what it imports)
            return site

    print(f"网址：http://{host}:{port}/　（按Ctrl-C停止）", flush=True)
    Site().run()


def _options(host: str, port: int, workers: int) -> dict[str, object]:
    # Threads: one long import must not keep the others from their pages.
    return {
        "bind": [f"{host}:{port}"],
        "workers": workers,
        "worker_class": "guatu.cli.worker.EvenWorker",
        "threads": 4,
        "timeout": 300,
        "graceful_timeout": 25,
        "preload_app": False,
        "control_socket_disable": True,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "limit_request_line": 8190,
    }


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise GuatuError(
                Fault(
                    "port-taken",
                    f"{host}:{port}不能用（{error.strerror}）",
                    "请停掉占用它的程序，或用--port换一个端口",
                )
            ) from error
