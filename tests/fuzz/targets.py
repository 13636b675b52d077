# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All else that reads what somebody wrote: headers, Keystone's answers, options, environment, clouds.yaml, slices."""

from __future__ import annotations

import dataclasses
import gc
import gzip
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudgate.operations.plugins.filter import groups, references
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import ApiClient
from ansible_collections.cloudgate.operations.plugins.module_utils._http.dates import parse_retry_after
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError, InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import any_time, format_time, parse_time
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import (
    CONNECTION_SPEC,
    GROUP_SPEC,
    WAIT_SPEC,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.plugins.module_utils._providers import paths
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import DEFINITION_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    PROVIDERS,
    check_options,
    connect,
    info_for,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import Progress
from fuzz import values
from fuzz.bodies import Tally
from fuzz.choices import Choices
from fuzz.hostile import TEXTS, TIMES, damaged, spoiled
from fuzz.network import JSON, answered, unreachable, wired
from fuzz.truth import STATES, check_error, check_operation, check_shown, demand

gc.enable()  # the modules end soon and do without; the fuzzer's processes go on
ENDPOINT = "http://api.example.test/v2.1"
OPERATION = {"operation": {"id": "o1", "status": "COMPLETE", "resource_id": "r1"}}
ACTION = {"instanceAction": {"action": "reboot", "request_id": "req-1", "instance_uuid": "s1", "events": []}}
TOKEN = {
    "token": {
        "methods": ["password"],
        "expires_at": "2036-11-21T12:00:00.000000Z",
        "issued_at": "2026-11-21T12:00:00.000000Z",
        "project": {"id": "p1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
        "user": {"id": "u1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
        "roles": [{"id": "r1", "name": "member"}],
        "catalog": [
            {
                "type": "compute",
                "name": "nova",
                "id": "c1",
                "endpoints": [
                    {"id": "e1", "interface": "public", "region": "r", "region_id": "r", "url": ENDPOINT},
                    {"id": "e2", "interface": "internal", "region": "r", "region_id": "r", "url": ENDPOINT},
                ],
            }
        ],
    }
}
CLOUDS = {
    "clouds": {
        "one": {
            "auth": {
                "auth_url": "http://keystone.example.test/v3",
                "username": "demo",
                "password": "p",
                "project_name": "demo",
                "user_domain_name": "Default",
            },
            "region_name": "r",
            "interface": "public",
            "auth_type": "password",
            "verify": True,
            "compute_endpoint_override": ENDPOINT + "/%(project_id)s",
            "compute_interface": "internal",
            "compute_region_name": "r",
            "compute_service_type": "compute",
            "compute_service_name": "nova",
        }
    }
}
_LARGEST_FILE = 256 * 1024  # bytes of clouds.yaml, which is the user's own: PyYAML takes 2.5 s for each megabyte
_LINES = ("200 OK", "202 Accepted", "204 No Content", "302 Found", "401 No", "403 No", "404 No", "406 No", "429 Slow",
          "500 Oh", "503 Oh", "100 Continue", "999 ?", "2000 ?", "abc", "")  # fmt: skip
_HEADERS = ("Date", "Retry-After", "Content-Encoding", "Content-Length", "Content-Type", "Location",
            "Transfer-Encoding",
            "X-Request-Id", "X-Compute-Request-Id", "Set-Cookie", "WWW-Authenticate", "Connection")  # fmt: skip
_SAID = ("Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359",
         "0", "-1",
         "gzip", "deflate", "br", "gzip, gzip", "identity", "chunked", "99999999999999999999", "3", "\u0663", "1e3",
         "application/json; charset=utf-99", "text/html", "Sat, 21 Nov 2026 12:00:00", "0x10", "10 000")  # fmt: skip


_SIZES = (b"-1", b"-5", b"-0", b"+1", b"0_2", b"", b" ", b"zz", b"f" * 20, b"F" * 70_000, b"1;" + b"x" * 70_000, b"0x1",
          b"1\x00", b"\xff")  # fmt: skip
_ENDS = (b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"0\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"0\r\n" + b"A" * 70_000, b"0\r\n",
         b"")  # fmt: skip
_INTERIM = (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nA: b\r\n\r\n", b"HTTP/1.1 100 C\r\n" * 200)
_PROXY_PASSWORD = "hunter2-of-the-proxy"


class Target:
    """One reader, and what came of all that it was given. read: does its work with the choices, and checks it."""

    def __init__(self, read: Callable[[Choices], str]) -> None:
        self._read = read
        self.tally = Tally()

    def run(self, data: bytes) -> None:
        """Give it one input."""

        def work() -> None:
            try:
                outcome = self._read(Choices(data))
            except GateError as exc:
                check_error(exc)
                outcome = exc.kind
            self.tally.outcomes[outcome] += 1

        self.tally.time(work)


def wire(choices: Choices) -> str:
    """A whole answer of HTTP, from its first line on."""
    body = json.dumps(OPERATION).encode() if choices.below(2) else spoiled(json.dumps(OPERATION), choices)
    headers = [(choices.pick(_HEADERS), choices.pick(_SAID + TEXTS)) for _header in range(choices.below(5))]
    packed = choices.below(6)
    if packed < 2:
        body = gzip.compress(body) if packed else zlib.compress(body)
        headers.append(("Content-Encoding", "gzip" if packed else "deflate"))
    lines = [f"HTTP/1.1 {choices.pick(_LINES)}", *(f"{name}: {said}" for name, said in headers)]
    framing = choices.below(4)
    if framing == 1:
        lines.append("Transfer-Encoding: chunked")
        body = _in_chunks(body, choices)
    elif framing:
        lines.append(f"Content-Length: {len(body)}")
    said = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body
    said = choices.pick(_INTERIM) * choices.below(3) + said if choices.once_in(8) else said
    return _asked(damaged(said, choices) if choices.once_in(8) else said)


def _in_chunks(body: bytes, choices: Choices) -> bytes:
    """The body in chunks, some of which have a size that is not theirs, and trailers."""
    half = choices.below(len(body) + 1)
    chunks = b""
    for part in (body[:half], body[half:]):
        size = choices.pick(_SIZES) if choices.once_in(8) else b"%x" % len(part)
        chunks += size + b"\r\n" + part + b"\r\n" if part else b""
    return chunks + choices.pick(_ENDS)


def proxies(choices: Choices) -> str:
    """The proxies of the environment; nobody answers behind any, and no sentence shows their password."""
    parts = ("http", "https", "socks5", "ftp", ":", "//", "/", "@", "[", "]", "%", "user", _PROXY_PASSWORD, "127.0.0.1",
             "h", "..", ":1", ":99999", "x" * 70, "\u2603", *TEXTS)  # fmt: skip
    made = "".join(choices.pick(parts) for _part in range(choices.below(9)))
    proxy = choices.pick((made, f"http://user:{_PROXY_PASSWORD}@{made}")).replace("\x00", "")
    proxy = proxy.encode("utf-8", "replace").decode()
    scheme = choices.pick(("http", "https"))
    variable = choices.pick((f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"))
    login = log_in(credentials.Credentials(kinds.NONE, {}), lambda _secret: None)
    with mock.patch.dict(os.environ, {variable: proxy, "no_proxy": "", "NO_PROXY": ""}), unreachable():
        try:
            ApiClient(login, ENDPOINT.replace("http", scheme)).get(("operations", "o1"))
        except GateError as exc:
            demand(_PROXY_PASSWORD not in str(exc), "the password of a proxy is shown")
            raise
    return "answer"


def _asked(said: bytes) -> str:
    """One request, and the time on the API's clock after it."""
    login = log_in(credentials.Credentials(kinds.NONE, {}), lambda _secret: None)
    client = ApiClient(login, ENDPOINT)
    with wired(said):
        try:
            answer = client.get(("operations", "o1"))
        finally:
            demand(client.now().tzinfo, "a clock without a zone")
    demand(isinstance(answer, dict), "an answer that is no object")
    wait = answer.retry_after
    demand(wait is None or 0 <= wait < float("inf"), f"Retry-After of {wait}")
    json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()
    return "answer"


def keystone(choices: Choices) -> str:
    """A login with a name and a password, and a request with what it gave."""
    token = spoiled(json.dumps(TOKEN), choices)
    issued = choices.pick(("token-1", *TEXTS)).encode("latin-1", "replace").decode("latin-1")
    status = choices.pick((201, 201, 201, 201, 200, 300, 401, 404, 500))
    given = {"auth_url": "http://keystone.example.test/v3", "username": "u", "password": "p", "project_id": "p1"}
    given["user_domain_id"] = "default"

    def answer(method: str, _url: str) -> Any:
        if method == "POST":
            return status, [*JSON, ("X-Subject-Token", issued)] if choices.below(8) else JSON, token
        return 200, JSON, json.dumps(ACTION).encode()

    options = {"provider": "openstack", "auth": given}
    with answered(answer):
        chosen = credentials.resolve(options, {}, aksk=False)
        provider = connect(info_for(options), log_in(chosen, lambda _secret: None), options)
        check_operation(provider.show(Reference("req-1", "s1")))
    return "operation"


def times(choices: Choices) -> str:
    """Times and numbers in the place of times."""
    given = values.value(choices) if choices.below(2) else choices.pick(TIMES) + choices.pick(TEXTS)
    for moment in (any_time(given), parse_time(given)):
        if moment is not None:
            demand(moment.utcoffset() == timedelta(0), "a time that is not in UTC")
            demand(parse_time(format_time(moment)) == moment, "a time that is another once written")
            check_shown(format_time(moment))
    wait = parse_retry_after(choices.pick(_SAID + TEXTS))
    demand(wait is None or 0 <= wait < float("inf"), f"Retry-After of {wait}")
    return "none" if any_time(given) is None else "time"


def filters(choices: Choices) -> str:
    """What tasks registered, to the filters."""
    names = ("operation_id", "resource_id", "latest", "results", "skipped", "url", "status", "json", "server",
             "id", "name",
             "job_id", "provider", "operations", "connection", "x_compute_request_id")  # fmt: skip
    given = [values.nested(choices, names) for _item in range(choices.below(4))]
    reader = references.references if choices.below(2) else groups.groups
    try:
        found = reader(given if choices.below(4) else values.value(choices))
    except AnsibleFilterError as exc:
        demand(str(exc), "an error without a sentence")
        return "refused"
    demand(isinstance(found, list) and all(isinstance(each, dict) for each in found), "no list of references")
    return "list"


def expressions(choices: Choices) -> str:
    """JMESPath and the paths of URLs."""
    if choices.below(2):
        parts = ("a", ".", "[0]", "[]", "[?a]", "||", "&&", "'x'", "`1`", "(", ")", "{", "}", "*", "@", "length(",
                 "to_string(",
                 "sum(", "max_by(", ",", "&a", "\ud800", "\"", "|", "!", " ", "sort(", "keys(", "[::0]",
                 "[-1]")  # fmt: skip
        expression = "".join(choices.pick(parts) for _part in range(1 + choices.below(9))) * (1 + choices.below(3))
        paths.reader(expression, "definition.state")(values.value(choices, 3))
        return "read"
    parts = (
        "/",
        "v1",
        "{operation_id}",
        "{resource_id}",
        "{",
        "}",
        "?",
        "a=",
        "&",
        "..",
        "%2e",
        "#",
        "://",
        " ",
        "\x00",
    )
    template = "".join(choices.pick(parts) for _part in range(choices.below(9)))
    paths.check_template(template, "definition.show", ("operation_id", "resource_id"))
    ids = {"operation_id": values.text(choices), "resource_id": values.text(choices)}
    demand(all(isinstance(part, str) for part in paths.fill(template, ids)[0]), "no segments")
    return "place"


def _validated(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Options as Ansible gives them to a module. Raises InputError for what Ansible refuses."""
    try:
        checked = ArgumentSpecValidator(dict(spec)).validate(dict(given))
    except (TypeError, OverflowError) as exc:  # it stumbles over a number in the place of a dict, and over .inf
        raise InputError("Ansible refuses it.") from exc
    if checked.error_messages:
        raise InputError("Ansible refuses it.")
    return dict(checked.validated_parameters)


def definitions(choices: Choices) -> str:
    """Definitions of the provider custom."""
    good = {"show": "/v1/{operation_id}", "list": "/v1?r={resource_id}", "items": "operations", "id": "name",
            "state": "status", "states": {"succeeded": ["done"], "failed": ["bad"]}, "started_at": "t",
            "steps": {"items": "s", "name": "n", "state": "w"}, "headers": {"X-A": "b"}}  # fmt: skip
    parts = (good, good, good["states"], good["steps"], good["headers"])
    for _change in range(choices.below(4)):
        where: Any = choices.pick(parts)
        where[choices.pick((*DEFINITION_SPEC, *where))] = (
            values.text(choices) if choices.below(3) else [values.text(choices)]
        )
    endpoint = choices.pick((ENDPOINT, ENDPOINT, *TEXTS))
    task = _validated(GROUP_SPEC, {"provider": "custom", "definition": good, "endpoint": endpoint, "operations": []})
    info = info_for(task)
    check_options(info, task)
    operation_id = choices.pick(("o1", "http://api.example.test/v2.1/o1", *TEXTS))
    reference_from(info, {"operation_id": operation_id, "latest": False})
    return "definition"


def logins(choices: Choices) -> str:
    """Connection options and the environment, and a request with what they give."""
    names = tuple(
        name for name in CONNECTION_SPEC if name not in ("cloud", "auth", "ca_cert", "client_cert", "client_key")
    )
    provider = choices.pick((*PROVIDERS, "custom", "custom", "huaweicloud_ecs"))
    given: dict[str, Any] = {choices.pick(names): values.text(choices) for _name in range(choices.below(2))}
    kind = choices.pick(("password", "token", "application_credential", "aksk", "bearer", "basic", "none"))
    given["auth"] = {leaf: _word(choices) for leaf in kinds.LEAVES[kind] if choices.below(8)}
    given["endpoint"] = choices.pick((*[ENDPOINT + "/p1"] * 30, *TEXTS))
    given["auth_type"] = kind if choices.below(8) else None
    variables = [name for each in kinds.ENVIRONMENT.values() for name in each] + [
        "OS_REGION_NAME",
        "OS_AUTH_TYPE",
        "CLOUDGATE_TRUSTED_HOSTS",
    ]
    environ = {choices.pick(variables): _word(choices) for _name in range(choices.below(6))}
    task = _validated(dict(CONNECTION_SPEC, provider={"type": "str"}), {**given, "provider": provider})
    info = info_for({**task, "definition": {"show": "/{operation_id}", "state": "s", "states": {"succeeded": ["x"]}}})
    check_options(info, task)
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with wired(said):
        login = log_in(credentials.resolve(task, environ, info.aksk), lambda _secret: None)
        connect(info, login, task).client.get(("operations", "o1"))
    return "answer"


def _word(choices: Choices) -> str:
    return choices.pick((*["http://keystone.example.test/v3"] * 4, values.text(choices)))


def clouds_yaml(choices: Choices) -> str:
    """A file with clouds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clouds.yaml")
        file.write_bytes(spoiled(json.dumps(CLOUDS), choices)[:_LARGEST_FILE])
        with mock.patch.dict(os.environ, {"OS_CLIENT_CONFIG_FILE": str(file), "HOME": folder}):
            options = {"provider": "openstack", "cloud": "one"}
            login = log_in(credentials.resolve(options, {}, aksk=False), lambda _secret: None)
    with answered(lambda method, _url: (201 if method == "POST" else 200, JSON, json.dumps(TOKEN).encode())):
        connect(info_for(options), login, options)
    return "login"


def options(choices: Choices) -> str:
    """The options of a wait."""
    given = {"operation_id": "req-1", "resource_id": "s1", "provider": "openstack"}
    for _option in range(choices.below(5)):
        given[choices.pick(tuple(name for name in WAIT_SPEC if name != "_slice"))] = values.value(choices)
    task = _validated(dict(CONNECTION_SPEC, **WAIT_SPEC, provider={"type": "str", "choices": list(PROVIDERS)}), given)
    WaitOptions.of(task)
    info = info_for(task)
    for named in task["operations"] or [task]:
        reference_from(info, named)
    return "wait"


def slices(choices: Choices) -> str:
    """An operation with any texts, handed from slice to slice, and shown on the screen."""
    fields = {field.name: values.text(choices) for field in dataclasses.fields(Operation) if choices.below(2)}
    for name in ("started_at", "updated_at", "finished_at"):
        fields[name] = any_time(values.value(choices))
    fields.update(
        provider="openstack", state=choices.pick(sorted(STATES)), steps=[], raw=None, retry_after=None, retries=0
    )
    fields["error"] = choices.pick((None, {"code": values.text(choices), "message": values.text(choices)}))
    operation = Operation(**{"operation_id": None, "resource_id": None, **fields})
    check_operation(operation)
    group = GroupState("openstack")
    group.add(Reference("req-1", "s1")).operation = operation
    again = PollState.from_dict(json.loads(json.dumps(PollState([group]).to_dict(), allow_nan=False)))
    demand(again.operations[0].operation.as_dict() == operation.as_dict(), "handing it on changes it")
    check_shown(Outcome([operation]).as_result(WaitOptions(), raw=False))
    check_shown(Progress("host", 30).lines([operation], 5.0))
    return operation.state


TARGETS: dict[str, Callable[[Choices], str]] = {
    "HTTP": wire,
    "proxies": proxies,
    "Keystone": keystone,
    "times": times,
    "filters": filters,
    "expressions": expressions,
    "definitions": definitions,
    "logins": logins,
    "clouds.yaml": clouds_yaml,
    "options": options,
    "slices": slices,
}
SLOW = ("HTTP", "proxies", "Keystone", "clouds.yaml", "logins")  # these make a login for each input
