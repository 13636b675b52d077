# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI application: all clouds under their prefixes, behind the gatekeeper that logs and breaks requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request

from .accounts import CLOUDS
from .azure import azure_blueprint
from .cce import cce_blueprint
from .control import control_blueprint
from .ecl import appliance_blueprint
from .errors import ApiError, gateway_not_published, nova_not_routed
from .faults import FaultRule, Faults
from .google import google_blueprint
from .heat import heat_blueprint
from .identity import identity_blueprint
from .images import image_blueprint
from .jobs import job_blueprints
from .mlb import load_balancer_blueprint
from .modelarts import modelarts_blueprint
from .nova import compute_blueprint
from .openstack_resources import balancer_blueprint, node_blueprint, volume_blueprint
from .other_jobs import other_job_blueprints
from .rds import rds_blueprint
from .signature import cloud_of_signature
from .state import Store
from .wire import perform

CONTROL = "/_simulator"
# Whose path it is; the jobs of ECS, EVS and IMS have the same.
SDK_SERVICES = {
    r"/v3/(auth|projects)\b": "iam",
    r"/v3/": "rds",
    r"/v1(\.1)?/[^/]+/(jobs|cloudservers)\b": "ecs",
    r"/v1/": "modelarts",
    r"/v2(\.1)?/[^/]+/cloudvolumes\b": "evs",
    r"/v2\.1/": "ecs",
    r"/v2/cloudimages/": "ims",
    r"/api/v3/": "cce",
}


def create_app(store: Store) -> Flask:
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.register_error_handler(ApiError, _answer_error)
    app.register_error_handler(NotFound, _answer_unknown)
    for cloud in CLOUDS.values():
        app.register_blueprint(identity_blueprint(store, cloud, "identity"))
        app.register_blueprint(compute_blueprint(store, cloud))
        if cloud.gateway:
            blueprints = [
                identity_blueprint(store, cloud, "iam"),
                rds_blueprint(store, cloud),
                cce_blueprint(store, cloud),
                *job_blueprints(store, cloud),
                *other_job_blueprints(store, cloud),
            ]
            for blueprint in blueprints:
                app.register_blueprint(blueprint)
    app.register_blueprint(image_blueprint(store, CLOUDS["openstack"]))
    app.register_blueprint(heat_blueprint(store, CLOUDS["openstack"]))
    app.register_blueprint(volume_blueprint(store, CLOUDS["openstack"]))
    app.register_blueprint(node_blueprint(store, CLOUDS["openstack"]))
    app.register_blueprint(balancer_blueprint(store, CLOUDS["openstack"]))
    app.register_blueprint(modelarts_blueprint(store, CLOUDS["huaweicloud"]))
    app.register_blueprint(appliance_blueprint(store, CLOUDS["ecl"]))
    app.register_blueprint(load_balancer_blueprint(store, CLOUDS["ecl"]))
    app.register_blueprint(google_blueprint(store))
    app.register_blueprint(azure_blueprint(store))
    return app


def _answer_unknown(error: NotFound) -> Response:
    """Answer for a service that this cloud does not have."""
    cloud = CLOUDS.get(request.path.split("/")[1])
    return _answer_error(gateway_not_published() if cloud is not None and cloud.gateway else nova_not_routed())


def _answer_error(error: ApiError) -> Response:
    if isinstance(error.body, str):
        response = make_response(error.body, error.status)
        response.headers["Content-Type"] = "text/html; charset=UTF-8"
    else:
        response = jsonify(error.body)
        response.status_code = error.status
    response.headers.update(error.headers)
    return response


def _with_prefix(environ: dict[str, Any]) -> dict[str, Any]:
    """Add the prefix that the vendor's SDK drops: the access key identifies the cloud, the path the service."""
    service = next((name for path, name in SDK_SERVICES.items() if re.match(path, environ["PATH_INFO"])), None)
    name = cloud_of_signature(environ.get("HTTP_AUTHORIZATION", ""))
    if service and name:
        environ["PATH_INFO"] = f"/{name}/{service}{environ['PATH_INFO']}"
    return environ


class Gatekeeper:
    """In front of the app: the log of requests, the faults, and one request at a time."""

    def __init__(self, app: Flask, store: Store) -> None:
        self._app = app
        self._store = store
        self.faults = Faults()
        self.requests: list[dict[str, Any]] = []
        app.register_blueprint(control_blueprint(self, store, CONTROL))

    def reset(self) -> None:
        with self._store.lock:
            self.faults.clear()
            self.requests.clear()
            self._store.reset()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        incoming = Request(_with_prefix(environ))
        if incoming.path.startswith(CONTROL):
            with self._store.lock:
                return self._app(environ, start_response)
        entry = self._log(incoming)
        try:
            return self._serve(incoming, environ, start_response, entry)
        finally:
            entry["ended"] = self._store.clock()

    def _serve(
        self, incoming: Request, environ: dict[str, Any], start_response: Callable[..., Any], entry: dict[str, Any]
    ) -> Iterable[bytes]:
        with self._store.lock:
            rule = self.faults.take(incoming.method, incoming.path)
        if rule is None:
            return self._answer(environ, start_response, entry)
        rule.wait()
        if rule.action is not None:
            perform(rule.action, environ["werkzeug.socket"], lambda: self._changed(rule, environ, entry), rule.interval)
            raise ConnectionAbortedError("the simulator was asked to end this connection")
        return self._changed(rule, environ, entry)(environ, start_response)

    def _log(self, incoming: Request) -> dict[str, Any]:
        name = incoming.path.split("/")[1] if "/" in incoming.path else ""
        entry: dict[str, Any] = {
            "method": incoming.method,
            "path": incoming.path,
            "query": parse_qs(incoming.query_string.decode(), keep_blank_values=True),
            "headers": dict(incoming.headers),
            "t": self._store.clock(),
            "ended": None,
            "status": None,
            "cloud": name if name in CLOUDS else None,
        }
        with self._store.lock:
            self.requests.append(entry)
        return entry

    def _changed(self, rule: FaultRule, environ: dict[str, Any], entry: dict[str, Any]) -> Response:
        """Return the answer that a fault makes, or the app's answer with the changes of the fault."""
        if rule.status is not None:
            entry["status"] = rule.status
            body, content_type = rule.payload()
            response = Response(body, rule.status, content_type=content_type)
        else:
            with self._store.lock:
                response = Response.from_app(self._app, environ, buffered=True)
            entry["status"] = response.status_code
            text = response.get_data(as_text=True)
            for word, other in rule.replace.items():
                text = text.replace(word, other)
            response.set_data(text)
        response.headers.update(rule.headers)
        return response

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any], entry: dict[str, Any]
    ) -> Iterable[bytes]:
        def remember(status: str, headers: Any, exc_info: Any = None) -> Any:
            entry["status"] = int(status.split(maxsplit=1)[0])
            return start_response(status, headers, exc_info)

        with self._store.lock:
            return self._app(environ, remember)
