# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer in front of the simulated clouds: adds secrets to answers, and has a host that must not receive any."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from planted import API_KEY, GOSSIP, ISSUED, LOGINS
from simulator.plain_services import PLAIN_SERVICES
from werkzeug.wrappers import Request, Response

# The first segment of a path says how the API behaves.
ECHO, BROKEN, MOVED, ISSUER = MANNERS = "echo", "broken", "moved", "issuer"
SESSIONS, TOKEN = "sessions", "token"  # paths of login requests, the first one below the endpoint
SESSION, KEY = "X-Session", "X-Gate"  # headers with a token
_NOT_OURS = ("_simulator", "identity", "iam")  # Keystone has no operations
_GIVEN = ("X-Auth-Token", "Authorization", "X-Security-Token", SESSION, KEY)
_TRACEBACK = f"Traceback (most recent call last):\n  run('{GOSSIP['traceback']}')\nValueError: it did not work"


class Heard(NamedTuple):
    """A request: the first segment of its path that is of a cloud, and all of its bytes."""

    home: str
    content: bytes


class Talkative:
    """A WSGI application in front of another. heard: all requests."""

    def __init__(self, inner: Any, elsewhere: str) -> None:
        self._inner = inner
        self._elsewhere = elsewhere
        self.heard: list[Heard] = []

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the application behind it, such as the log and the faults."""
        return getattr(self._inner, name)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        incoming = Request(environ)
        body = incoming.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        segments = incoming.path.strip("/").split("/")
        manner = segments.pop(0) if segments[0] in MANNERS else ""
        if segments[-1] == SESSIONS:  # also below an endpoint that refuses all other requests
            manner = segments[1] if segments[1] in MANNERS else ISSUER
        if segments[-1] == TOKEN and not manner:
            manner = ISSUER
        head = f"{incoming.full_path}\n{incoming.headers}".encode()
        self.heard.append(Heard(segments[0], head + body))
        if manner == MOVED:
            answer = Response(status=307, headers={"Location": f"{self._elsewhere}{incoming.path}"})
        elif manner == ISSUER and _has_secret(segments[0], body):
            token = ISSUED[segments[0]].text
            text = json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 60})
            answer = Response(text, headers={SESSION: token}, content_type="application/json")
        elif manner:
            answer = _echo(incoming, body, 503 if manner == BROKEN else 401)
        else:
            if segments[0] in PLAIN_SERVICES and _has_token(segments[0], incoming):
                environ["HTTP_AUTHORIZATION"] = f"Bearer {PLAIN_SERVICES[segments[0]].token}"
            answer = Response.from_app(self._inner, environ, buffered=True)
            if answer.mimetype == "application/json" and not set(_NOT_OURS) & set(segments[:2]):
                answer.set_data(json.dumps(gossip(json.loads(answer.get_data()))))
        return answer(environ, start_response)


def _has_secret(home: str, body: bytes) -> bool:
    """Return whether a login request has the secret that its API requires, if it requires one."""
    secret, text = LOGINS[home].text if home in LOGINS else "", body.decode()
    return secret in unquote_plus(text) or json.dumps(secret)[1:-1] in text


def _has_token(home: str, incoming: Request) -> bool:
    given = " ".join(incoming.headers.values())
    return ISSUED[home].text in given or (home in API_KEY.homes and API_KEY.text in given)


def _echo(incoming: Request, body: bytes, status: int) -> Response:
    """Return an error that repeats the content of the request."""
    given = [incoming.headers[name] for name in _GIVEN if name in incoming.headers]
    message = f"refused: {' '.join(given)} {body.decode()}"
    answer = {"error": {"code": status, "message": message, "title": "Error"}}
    return Response(json.dumps(answer), status, content_type="application/json")


def gossip(value: Any) -> Any:
    """Return the same answer, with secrets in every object of it."""
    if isinstance(value, list):
        return [gossip(each) for each in value]
    if not isinstance(value, dict):
        return value
    more: dict[str, Any] = {name: GOSSIP[name] for name in ("adminPass", "user_data")}
    more["request_body"] = {"admin_password": GOSSIP["request_body"]}
    if "event" in value:
        more["traceback"] = _TRACEBACK
    return {**{name: gossip(each) for name, each in value.items()}, **more}


class Stranger:
    """A host without a credential for it. heard: everything that it received."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            """Keeps every request, and answers that all is well."""

            def _take(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                heard.append(f"{self.requestline}\n{self.headers}".encode() + self.rfile.read(length))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_GET = do_POST = do_HEAD = _take  # noqa: N815 - names that http.server requires

            def log_message(self, format: str, *args: Any) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # By another name than the clouds, so that it is another host.
        self.url = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Stranger:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
