# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules show the options that they have and accept, and nothing else; run as Ansible runs them."""

from __future__ import annotations

import importlib
import json
from typing import Any, Callable, Dict, Iterator, List, Tuple

import pytest
from ansible.module_utils import basic
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import login
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import Examined
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import WAIT_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule
from ansible_collections.cloudgate.operations.plugins.module_utils._module.wait import WaitModule
from ansible_collections.cloudgate.operations.tests.unit.module_options import (
    INVOCATION,
    collect_garbage_again,
    give_options,
)
from ansible_collections.cloudgate.operations.tests.unit.plugins.module_utils._auth.test_masking import ESCAPES
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
SECRET = "Hunter-22"
MODULES = ("operation_info", "instance_action_info", "wait_for_operation")
ACTION: Dict[str, Any] = {"provider": "openstack", "operation_id": "req-1", "resource_id": "server-1"}
GROUP: Dict[str, Any] = {"provider": "openstack", "operations": [{"operation_id": "req-1", "resource_id": "server-1"}]}
Run = Callable[..., Dict[str, Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a module up to its login."""

    def log_in(*_arguments: Any, **_named: Any) -> None:
        raise InputError("No login here.")

    monkeypatch.setattr(login, "log_in", log_in)

    def runner(module: str, **options: Any) -> Dict[str, Any]:
        give_options(monkeypatch, {**options, **INVOCATION, "_ansible_no_log": True})
        main = importlib.import_module(f"ansible_collections.cloudgate.operations.plugins.modules.{module}").main
        with pytest.raises(SystemExit):
            main()
        printed = capsys.readouterr()
        assert printed.err == ""
        return dict(json.loads(printed.out))

    yield runner
    collect_garbage_again()


def with_group(**more: Any) -> Dict[str, Any]:
    return {"groups": [{**GROUP, **more}]}


# Each is one of an author's mistakes.
SLIPS: List[Dict[str, Any]] = [
    {**ACTION, "password": SECRET},
    {**ACTION, "client_secret": SECRET},
    {**ACTION, "auht": {"password": SECRET}},
    {**ACTION, "auht": {"pasword": SECRET}},
    {**ACTION, "auht": SECRET},
    {**ACTION, "pasword": SECRET},
    {**ACTION, "auth": {"pasword": SECRET}},
    {**ACTION, "auth": {"pass": [SECRET, {"x": SECRET}]}},
    {**ACTION, "auth": {"auth": {"password": SECRET}}},
    {**ACTION, "auth": [{"password": SECRET}]},
    {**ACTION, "auth": [SECRET]},
    {**ACTION, "auth": [[SECRET]]},
    {**ACTION, "auth": SECRET},
    {**ACTION, "auth": f"password={SECRET} x"},
    {**ACTION, "auth": f'{{"password": "{SECRET}"'},
    {**ACTION, "auth": {f"password:{SECRET}": None}},
    {**ACTION, f"password:{SECRET}": None},
    {**ACTION, "auth_type": SECRET},
    {**ACTION, "provider": SECRET},
    {**ACTION, "interface": SECRET},
    {**ACTION, "api_timeout": SECRET},
    {**ACTION, "hyperinstance": SECRET},
    {**ACTION, "validate_certs": SECRET},
    {**ACTION, "cloud": {"password": SECRET}},
    {**ACTION, "operation_id": {"password": SECRET}},
    {**ACTION, "operation_id": {"name": SECRET}},
    {**ACTION, "resource_id": {"id": "s1", "adminPass": SECRET}},
    {**ACTION, "endpoint": f"https://me:{SECRET}@h/v2.1"},
    {**ACTION, "endpoint": f"https://h/v2.1?token={SECRET}"},
    {**ACTION, "auth": {"auth_url": f"https://me:{SECRET}@h/v3", "username": "me", "password": "other"}},
    {**ACTION, "definition": {"password": SECRET, "state": "s", "states": {"succeeded": ["x"]}}},
    {**ACTION, "definition": SECRET},
    {**ACTION, "definition": {"headers": {"PRIVATE-TOKEN": SECRET}, "state": "s", "states": {"succeeded": ["x"]}}},
    {**ACTION, "definition": {"headers": SECRET}},
    {**ACTION, "definition": {"headers": {"X-Version": SECRET}}},
    {**ACTION, "filters": {"token": SECRET}},
    {**ACTION, "filters": SECRET},
    {**ACTION, "_ansible_own": SECRET},
    {**ACTION, "_ansible_verbosity": {"password": SECRET}},
    with_group(password=SECRET),
    with_group(auht={"password": SECRET}),
    with_group(auth={"passwort": SECRET}),
    with_group(provider=SECRET),
    with_group(connection={"auth": {"password": SECRET}}),
    {"groups": [{"operations": [{"password": SECRET}]}]},
    {"groups": [SECRET]},
    {"groups": [[SECRET]]},
    {"groups": SECRET},
    {"groups": {"password": SECRET}},
    {"provider": "openstack", "operations": [{"operation_id": "req-1", "password": SECRET}]},
    {"provider": "openstack", "operations": [{"operation_id": "req-1", "tokn": SECRET}]},
    {"provider": "openstack", "operations": [SECRET]},
    {"provider": "openstack", "operations": SECRET},
]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("slip", SLIPS, ids=range(len(SLIPS)))
def test_a_secret_in_a_wrong_place_is_not_shown(run: Run, module: str, slip: Dict[str, Any]) -> None:
    assert SECRET not in json.dumps(run(module, **slip))


# Names of options, known ones and others, by which a path leads to where the secret is planted.
_steps = st.sampled_from(
    [
        "groups",
        "operations",
        "auth",
        "definition",
        "filters",
        "headers",
        "states",
        "auht",
        "password",
        "token",
        "client-secret",
        "clientSecret",
        "X-Auth-Token",
        "passcode",
        "provider",
        "endpoint",
        "timeout",
        "raw",
        "cloud",
        "operation_id",
        "resource_id",
        "hyperinstance",
        "_slice",
        "_ansible_x",
        0,
        1,
    ]
)
_secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"), min_size=8, max_size=24)


def planted(path: List[Any], secret: str) -> Dict[str, Any]:
    data: Any = secret
    for step in reversed(path):
        data = [data] * (step + 1) if isinstance(step, int) else {step: data}
    return data if isinstance(data, dict) else {"auth": data}


def is_shown_option(path: List[Any]) -> bool:
    """Return whether the secret is the value of an option that accepts any text, such as an id."""
    names = [each for each in path if isinstance(each, str)]
    return names[-1:] in ([["operation_id"], ["resource_id"], ["cloud"], ["endpoint"]])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    module=st.sampled_from(MODULES),
    path=st.lists(_steps, min_size=1, max_size=5),
    secret=_secrets,
    escape=st.sampled_from(sorted(ESCAPES)),
)
@example(module="wait_for_operation", path=["groups", 0, "auht", "password"], secret=SECRET, escape="JSON")
@example(module="wait_for_operation", path=["operation_id", "headers"], secret="'quoted\"\\'", escape="JSON")
def test_no_encoding_of_a_planted_secret_is_shown(
    run: Run, module: str, path: List[Any], secret: str, escape: str
) -> None:
    if is_shown_option(path):
        path = [*path, "password"]
    result = run(module, **{**ACTION, **planted(path, secret)})
    shown = [text for text in texts(result) if ESCAPES[escape](secret) in text]
    # By chance, a secret of a few signs is part of our own words.
    assert [text for text in shown if ESCAPES[escape](secret) not in ours(module)] == []


def texts(value: Any) -> Iterator[str]:
    """All texts, names too."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from (*texts(name), *texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield str(value)


def ours(module: str) -> str:
    return json.dumps(list(WAIT_SPEC)) + module + HIDDEN


HARMLESS: List[Tuple[str, Dict[str, Any], Dict[str, Any]]] = [
    ("operation_info", ACTION, ACTION),
    ("instance_action_info", {"provider": "openstack", "server_id": "s1", "limit": "3"}, {"server_id": "s1"}),
    ("operation_info", {"provider": "openstack", "action_id": "r2"}, {"action_id": "r2", "operation_id": "r2"}),
    ("operation_info", {**ACTION, "endpoint": "https://h/v2.1/a@b"}, {"endpoint": "https://h/v2.1/a@b"}),
    ("operation_info", {**ACTION, "endpoint": "https://me:pw@h/v2.1"}, {"endpoint": f"https://{HIDDEN}@h/v2.1"}),
    (
        "operation_info",
        {**ACTION, "auth": {"username": "me", "ak": "AK", "password": "x", "user_id": None}},
        {"auth": {"username": "me", "ak": "AK", "access_key": "AK", "password": HIDDEN, "user_id": None}},
    ),
    ("operation_info", {**ACTION, "client_key": "/k.pem", "verify": "no"}, {"client_key": "/k.pem", "verify": "no"}),
    ("operation_info", {**ACTION, "cloud": "token"}, {"cloud": "token"}),
    ("wait_for_operation", {**ACTION, "timeout": "60", "poll_min": 0.5}, {"timeout": 60, "poll_min": 0.5}),
    (
        "wait_for_operation",
        {**ACTION, "definition": {"show": "/a@b/{operation_id}", "state": "s", "states": {"succeeded": ["done"]}}},
        {"definition": {"show": "/a@b/{operation_id}", "states": {"succeeded": ["done"]}}},
    ),
    ("wait_for_operation", with_group(cloud="production"), {"groups": [{"cloud": "production", **GROUP}]}),
]


def is_within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return all(name in whole and is_within(each, whole[name]) for name, each in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(is_within, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize(("module", "options", "shown"), HARMLESS, ids=range(len(HARMLESS)))
def test_an_option_in_its_place_is_shown(run: Run, module: str, options: Dict[str, Any], shown: Dict[str, Any]) -> None:
    assert is_within(shown, run(module, **options)["invocation"]["module_args"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    operation=st.text(st.sampled_from("abc-019"), min_size=1, max_size=20),
    timeout=st.integers(0, 9999),
    word=st.sampled_from(["running", "openstack", "req-1", "timeout"]),
)
def test_harmless_values_survive_a_misplaced_secret(run: Run, operation: str, timeout: int, word: str) -> None:
    """An unknown option may hold a harmless word, which stays readable elsewhere."""
    result = run(
        "wait_for_operation", **{**ACTION, "operation_id": operation}, timeout=timeout, state=word, password=SECRET
    )
    shown = result["invocation"]["module_args"]
    assert (shown["operation_id"], shown["timeout"], shown["provider"]) == (operation, timeout, "openstack")
    assert (shown["state"], shown["password"]) == (HIDDEN, HIDDEN)
    assert "password, state. Supported parameters include: " in result["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"provider": "opnstack"}, "value of provider must be one of: custom, ecl_compute"),
        ({"timeout": "forever"}, "timeout must be seconds, or a duration such as 10m or 1h30m, not other text."),
        ({"operatoin_id": "req-1"}, "operatoin_id. Supported parameters include"),
        (
            {"auth": {"pasword": SECRET}},
            "pasword is not an option of auth. Perhaps you meant password. Known options are access_key",
        ),
        (with_group(password=SECRET), "group 1: password is not an option of groups."),
        (with_group(), "mutually exclusive"),
    ],
)
def test_a_refusal_says_which_option_it_is(run: Run, options: Dict[str, Any], words: str) -> None:
    assert words in run("wait_for_operation", **{**ACTION, **options})["msg"]


_BROKEN = " is infinite, not a number, or hundreds of digits long. Give a number, such as "
_ENDLESS = ("1e3000000", "-1E+3000000")  # Ansible needs minutes or hours to make an integer of these


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), "inf", " NaN ", "9" * 400, *_ENDLESS])
@pytest.mark.parametrize(
    ("module", "name", "example"),
    [
        ("wait_for_operation", "max_concurrency", 10),
        ("instance_action_info", "limit", 30),
        ("operation_info", "limit", 30),
    ],
)
def test_a_value_that_is_no_integer(run: Run, module: str, name: str, example: int, value: Any) -> None:
    result = run(module, **ACTION, **{name: value})
    assert result == {"failed": True, "msg": f"{name}{_BROKEN}{example}."}


def test_a_value_that_is_no_integer_in_a_group(run: Run) -> None:
    sentence = f"group 1: min_count{_BROKEN}30."
    for endless in (float("inf"), "1e3000000"):
        operations = [{"reservation_id": "r-1", "min_count": endless}]
        assert run("wait_for_operation", groups=[dict(GROUP, operations=operations)])["msg"] == sentence


def test_a_float_that_is_too_long(run: Run) -> None:
    result = run("wait_for_operation", **ACTION, max_requests_per_second=10**400)
    assert result["msg"] == f"max_requests_per_second{_BROKEN}100."


@pytest.mark.parametrize("value", ["forever", [1], {"seconds": 1}, *_ENDLESS, "inf", True, ""], ids=repr)
def test_every_value_that_is_no_duration_is_refused_by_name(run: Run, value: Any) -> None:
    assert run("wait_for_operation", **ACTION, timeout=value)["msg"].startswith("timeout must be ")
    said = run("wait_for_operation", groups=[dict(GROUP, api_timeout=value)])["msg"]
    assert said.startswith("group 1: api_timeout must be ")


def test_the_refusal_of_an_option_names_the_module(run: Run) -> None:
    name = "cloudgate.operations.operation_info"
    result = run("operation_info", **ACTION, latest=True, _ansible_module_name=name)
    assert f"Unsupported parameters for ({name}) module: latest." in result["msg"]


def test_whatever_breaks_ansibles_checks_ends_with_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    deep: Any = SECRET
    for _level in range(400):
        deep = {"x": [deep]}
    for options in ({"auth": deep}, {"groups": [deep]}, {"x": deep}):
        result = run("wait_for_operation", **{**ACTION, **options})
        assert result["failed"] and result["msg"] and SECRET not in json.dumps(result)

    def broken(_self: Any, _parameters: Any) -> None:
        raise AttributeError(f"no {SECRET}")

    monkeypatch.setattr(basic.ModuleArgumentSpecValidator, "validate", broken)
    result = run("wait_for_operation", **ACTION, auth={"password": SECRET})
    assert result["msg"].startswith("The options cannot be read")
    assert SECRET not in json.dumps(result)


def test_a_tool_that_only_imports_the_module_gets_its_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """C(ansible-test sanity) stops a module where it would read its options."""

    def stopped(_self: Any) -> None:
        raise KeyError("stopped by a tool")

    monkeypatch.setattr(basic.AnsibleModule, "_load_params", stopped)
    with pytest.raises(KeyError, match="stopped by a tool"):
        WaitModule()


@pytest.mark.parametrize(
    "part",
    [
        {},
        "text",
        {"elapsed": 0},
        {"elapsed": 0, "seconds": "x", "early": 0},
        ["a"],
    ],
)
def test_an_authors_own_slice_is_refused_by_the_module(run: Run, part: Any) -> None:
    result = run("wait_for_operation", **ACTION, _slice=part)
    assert (result["failed"], result["msg"]) == (True, "_slice is not an option of this module: remove it.")


def test_a_whole_slice_is_refused_in_check_mode(run: Run) -> None:
    part = {"elapsed": 0, "seconds": 5, "early": 5}
    result = run("wait_for_operation", **ACTION, _slice=part, _ansible_check_mode=True)
    assert (result["failed"], result["msg"]) == (True, "_slice is not an option of this module: remove it.")


def test_the_modules_that_do_not_wait_have_no_slice(run: Run) -> None:
    result = run("operation_info", **ACTION, _slice={"elapsed": 0})
    assert "Unsupported parameters" in result["msg"] and "_slice" in result["msg"]


def test_the_slice_of_the_action_plugin_is_no_option() -> None:
    assert "_slice" not in WAIT_SPEC
    assert "_slice" in WaitModule._INTERNAL
    assert "_slice" not in GateModule._INTERNAL


def test_the_name_of_an_unknown_option_is_shown_only_if_it_is_one() -> None:
    shown = Examined({"tiemout": 1, "password:x": 2, "two words": 3, "t" * 99: 4, 5: 5}, WAIT_SPEC).shown  # type: ignore[dict-item]
    assert [name for name in shown if not name.startswith(HIDDEN)] == ["tiemout"]
    assert len(shown) == 5
