# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on a loopback address whose answers are data, and a function that runs modules in this process."""

from __future__ import annotations

import gc
import importlib
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from ansible.module_utils import basic

MODULES = "ansible_collections.cloudgate.operations.plugins.modules."
Answer = tuple[int, dict[str, str], Any]
NOT_SCRIPTED: Answer = (404, {}, {"message": "not scripted"})
RunModule = Callable[..., dict[str, Any]]


class Sent(NamedTuple):
    """A request. target: path and query. headers: found by their names in any case."""

    method: str
    target: str
    headers: Message
    body: str

    @property
    def path(self) -> str:
        """Return the decoded path; an encoded slash stays encoded, because it is part of a name."""
        return "%2F".join(map(unquote, re.split("%2F", urlsplit(self.target).path, flags=re.IGNORECASE)))

    @property
    def query(self) -> set[tuple[str, str]]:
        """Return the parameters of the query."""
        return set(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


class Api:
    """The server. Use it as a context manager.

    answers: of each method and target; the last one is repeated.
    others: the answers to a GET of another target, for clients whose paths the test is to learn.
    started: the answer to another request that is no GET.
    token: the header and value that each GET must have; others get a 401.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.others: list[Answer] = []
        self.started = NOT_SCRIPTED
        self.token: tuple[str, str] | None = None
        self.sent: list[Sent] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Api:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self, method: str) -> list[str]:
        """Return the targets of the requests with a method."""
        return [each.target for each in self.sent if each.method == method]

    def answer_to(self, sent: Sent) -> Answer:
        """Record a request and return its answer."""
        self.sent.append(sent)
        others = self.others if sent.method == "GET" else [self.started]
        script = self.answers.get(f"{sent.method} {sent.target}") or others or [NOT_SCRIPTED]
        found = script.pop(0) if len(script) > 1 else script[0]
        if sent.method == "GET" and self.token and sent.headers.get(self.token[0]) != self.token[1]:
            return 401, {}, {"message": "log in"}
        return found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                status, headers, shown = api.answer_to(Sent(self.command, self.path, self.headers, body))
                text = b"" if shown is None else json.dumps(shown).encode()
                self.send_response(status)
                usual = {"Content-Type": "application/json", "Content-Length": str(len(text))}
                if self.close_connection:  # because the client asked for it
                    usual["Connection"] = "close"
                for name, value in {**usual, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_args: Any) -> None:
                """Log nothing."""

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler._answer)
        return Handler


@pytest.fixture
def run_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[RunModule]:
    """Run a module and return what Ansible would read; anything else on the way out fails the test."""

    def run(module: str, **options: Any) -> dict[str, Any]:
        arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_no_log": True}}  # of this machine's syslog
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit):
            importlib.import_module(MODULES + module).main()
        printed = capsys.readouterr()
        assert printed.err == ""
        return dict(json.loads(printed.out))

    yield run
    gc.unfreeze()
    gc.enable()
