# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of the modules, run as Ansible runs it: the same keys on every outcome, one sentence for every error."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import login
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    InputError,
    LibraryMissing,
    MissingError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import OPERATION_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule
from ansible_collections.cloudgate.operations.plugins.module_utils._module.wait import WaitModule
from ansible_collections.cloudgate.operations.tests.unit.module_options import (
    INVOCATION,
    collect_garbage_again,
    give_options,
)

ALWAYS = {
    "operations",
    "finished",
    "succeeded",
    "failed_operations",
    "pending_operations",
    "requests",
    "reauthentications",
}
Run = Callable[..., Dict[str, Any]]


@pytest.fixture(autouse=True)
def _collect_garbage_again() -> Iterator[None]:
    yield
    collect_garbage_again()


def give(options: Dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the next module started with these options, to answer with what it was asked."""
    give_options(monkeypatch, {**options, **INVOCATION})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a GateModule with these options and return what Ansible would read from it."""

    def runner(work: Callable[[GateModule], Dict[str, Any]], **options: Any) -> Dict[str, Any]:
        give({"provider": "openstack", **options}, monkeypatch)
        spec = dict(OPERATION_SPEC, limit={"type": "int"}, on_failure={"type": "str"})
        with pytest.raises(SystemExit):
            GateModule(spec).run(work)
        return dict(json.loads(capsys.readouterr().out))

    return runner


def operation(state: str) -> Operation:
    return Operation("openstack", "req-1", "s1", state, reason=f"is {state}", raw={"secret": "x"})


@pytest.mark.parametrize(
    ("states", "finished", "succeeded", "failed", "pending"),
    [
        (["succeeded"], True, True, 0, 0),
        (["succeeded", "failed"], True, False, 1, 0),
        (["running", "unknown", "pending"], False, False, 0, 3),
        ([], True, True, 0, 0),
    ],
)
def test_a_result_says_how_many_are_where(
    run: Run, states: List[str], finished: bool, succeeded: bool, failed: int, pending: int
) -> None:
    result = run(lambda made: made.result([operation(state) for state in states]))
    assert set(result) - {"invocation"} == ALWAYS | {"changed"}
    assert (result["changed"], result["finished"], result["succeeded"]) == (False, finished, succeeded)
    assert (len(result["failed_operations"]), len(result["pending_operations"])) == (failed, pending)
    assert [each["state"] for each in result["operations"]] == states


def test_failed_operations_are_summarized(run: Run) -> None:
    result = run(lambda made: made.result([operation("failed")]))
    assert result["failed_operations"] == [
        {
            "provider": "openstack",
            "operation_id": "req-1",
            "resource_id": "s1",
            "type": None,
            "state": "failed",
            "reason": "is failed",
        }
    ]


@pytest.mark.parametrize(("raw", "shown"), [(True, {"secret": "x"}), (False, None)])
def test_raw_is_shown_on_request(run: Run, raw: bool, shown: Optional[Dict[str, str]]) -> None:
    result = run(lambda made: made.result([operation("failed")]), raw=raw)
    assert result["operations"][0].get("raw") == shown


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InputError("limit must be 1 or more."), "input"),
        (MissingError("no such action", code="404", request_id="req-9", status=404), "missing"),
    ],
)
def test_an_error_is_one_sentence_with_all_keys(run: Run, error: GateError, kind: str) -> None:
    def work(_made: GateModule) -> Dict[str, Any]:
        raise error

    result = run(work)
    assert set(result) - {"invocation"} == ALWAYS | {"failed", "msg", "failure"}
    assert (result["failed"], result["msg"]) == (True, error.message)
    assert result["failure"] == {
        "kind": kind,
        "message": error.message,
        "code": error.code,
        "request_id": error.request_id,
        "operation": None,
    }


@pytest.mark.parametrize("error", [InputError("no"), MissingError("no"), LibraryMissing("keystoneauth1", "to log in")])
def test_an_unreadable_operation_has_not_succeeded(run: Run, error: GateError) -> None:
    def work(_made: GateModule) -> Dict[str, Any]:
        raise error

    result = run(work)
    assert (result["failed"], result["succeeded"], result["finished"]) == (True, False, False)
    assert "elapsed" not in result


def wait(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **options: Any) -> Dict[str, Any]:
    """Run the module that waits."""
    give(options, monkeypatch)
    with pytest.raises(SystemExit):
        WaitModule().run(WaitModule.wait)
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"operation_id": "req-1"}, "provider is required, for example openstack."),
        ({"operation_id": "req-1", "provider": "openstack"}, "resource_id is missing"),
        ({"operation_id": "o1", "provider": "ecl_vna", "poll_min": 9, "poll_max": 3}, "is larger than poll_max"),
        ({"operation_id": "o1", "provider": "ecl_vna", "max_concurrency": 0}, "max_concurrency must be 1 or more"),
        ({"groups": [{"provider": "openstack", "operations": [{"operation_id": "req-1"}]}]}, "resource_id is missing"),
        (
            {"groups": [{"provider": "ecl_vna", "api_version": "v2", "operations": [{"operation_id": "o1"}]}]},
            "api_version of provider ecl_vna must be v1.0",
        ),
    ],
)
def test_a_wait_that_could_not_begin_has_the_keys_of_a_wait(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any], words: str
) -> None:
    result = wait(monkeypatch, capsys, **options)
    assert words in result["msg"]
    assert (result["failed"], result["failure"]["kind"], result["succeeded"]) == (True, "input", False)
    assert (result["elapsed"], result["polls"], result["tolerated_errors"], result["last_error"]) == (0.0, 0, 0, None)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"operation_id": "o1", "operations": []},
        {"operation_id": "o1", "groups": []},
        {"operations": [], "groups": []},
        {"groups": [], "provider": "openstack"},
        {"groups": [{"provider": "openstack"}]},
    ],
)
def test_operations_are_named_in_one_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any]
) -> None:
    assert wait(monkeypatch, capsys, **options)["failed"] is True


NONE = {"provider": "ecl_vna", "endpoint": "https://vna.invalid", "auth": {"token": "t"}, "operations": []}


EMPTY = [NONE, {"groups": []}, {"groups": [NONE, NONE]}]


@pytest.mark.parametrize("options", EMPTY)
@pytest.mark.parametrize("wait_for", ["all", "any"])
def test_a_wait_for_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any], wait_for: str
) -> None:
    result = wait(monkeypatch, capsys, wait_for=wait_for, **options)
    assert (result["failed"], result["succeeded"], result["failure"]["kind"]) == (True, False, "input")
    assert " is empty: there is nothing to wait for. " in result["msg"]


@pytest.mark.parametrize("more", [{"empty": "pass"}, {"_ansible_check_mode": True}])
@pytest.mark.parametrize("options", EMPTY)
def test_a_wait_for_nothing_may_be_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any], more: Dict[str, Any]
) -> None:
    result = wait(monkeypatch, capsys, **options, **more)
    assert (result["succeeded"], result["operations"], result["polls"], result["changed"]) == (True, [], 0, False)
    assert result["msg"] == "0 operations: there was nothing to wait for."


@pytest.mark.parametrize(
    ("of_groups", "of_task", "opens"),
    [
        ((None, None), "pass", True),
        (("pass", "pass"), "fail", True),
        (("pass", None), "fail", False),
        (("fail", "pass"), "pass", False),
    ],
)
def test_each_group_says_whether_it_may_be_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], of_groups: Any, of_task: str, opens: bool
) -> None:
    groups = [NONE if empty is None else {**NONE, "empty": empty} for empty in of_groups]
    result = wait(monkeypatch, capsys, groups=groups, empty=of_task)
    assert result["succeeded"] is opens


@pytest.mark.parametrize(
    "options",
    [
        {"operations": None},
        {"groups": None},
        {"operations": None, "provider": "openstack"},
    ],
)
def test_null_is_no_list_that_may_be_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any]
) -> None:
    result = wait(monkeypatch, capsys, empty="pass", **options)
    assert result["msg"] == "Nothing to wait for: operations, groups and operation_id have no value."


def test_a_missing_library_is_reported_as_ansible_does(run: Run) -> None:
    def work(_made: GateModule) -> Dict[str, Any]:
        raise LibraryMissing("openstacksdk", "for cloud (clouds.yaml)")

    result = run(work)
    assert "Failed to import the required Python library (openstacksdk)" in result["msg"]
    assert "for cloud (clouds.yaml)" in result["msg"]
    assert result["failure"]["kind"] == "input"


@pytest.mark.parametrize(
    ("kind", "on_failure", "failed"),
    [
        ("failed", "fail", True),
        ("failed", "report", False),
        ("timeout", "report", False),
        ("auth", "report", True),
        ("timeout", None, True),
    ],
)
def test_report_does_not_fail_for_what_the_cloud_did(
    run: Run, kind: str, on_failure: Optional[str], failed: bool
) -> None:
    def work(made: GateModule) -> Dict[str, Any]:
        return dict(made.result([]), failure={"kind": kind, "message": "why"})

    result = run(work, on_failure=on_failure)
    assert (result.get("failed", False), result["failure"]["kind"]) == (failed, kind)
    assert result.get("msg") == ("why" if failed else None)


def test_secrets_that_are_no_options_are_masked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("OS_AUTH_URL", "http://keystone.invalid/v3"),
        ("OS_USER_ID", "u"),
        ("OS_PROJECT_ID", "p"),
        ("OS_PASSWORD", "from-the-environment"),
    ):
        monkeypatch.setenv(name, value)

    def work(made: GateModule) -> Dict[str, Any]:
        made.connection(made.params).log_in()
        raise InputError("the password is from-the-environment")

    assert "from-the-environment" not in json.dumps(run(work))


def test_one_login_serves_all_requests_of_a_task(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_logins: List[Any] = []
    log_in = login.log_in

    def counted(*arguments: Any, **named: Any) -> Any:
        made_logins.append(log_in(*arguments, **named))
        return made_logins[-1]

    monkeypatch.setattr(login, "log_in", counted)

    def work(made: GateModule) -> Dict[str, Any]:
        connection = made.connection(made.params)
        assert connection.provider() is connection.provider()
        return made.result([])

    run(work, endpoint="https://nova.invalid", auth={"token": "t"})
    assert len(made_logins) == 1


@pytest.mark.parametrize(("password", "masked"), [("a", False), ("abc", False), ("abcd", True)])
def test_a_short_secret_masks_nothing_but_itself(run: Run, password: str, masked: bool) -> None:
    seen = Operation("openstack", "req-1", "s1", "running", reason="abcd is a state")
    result = run(lambda module: module.result([seen]), auth={"username": "a", "password": password})
    assert (result["operations"][0]["reason"] == "abcd is a state") != masked
    assert result["invocation"]["module_args"]["auth"]["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert result["invocation"]["module_args"]["auth"]["username"] == "a"


@pytest.mark.parametrize(
    "auth", [{"passwort": "h1dden"}, {"sk": "h1dden", "username": ["x"]}, '{"password": "h1dden"', "password=h1dden x"]
)
def test_a_refused_option_does_not_show_the_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], auth: Any
) -> None:
    give({"provider": "openstack", "operation_id": "req-1", "limit": "many", "auth": auth}, monkeypatch)
    with pytest.raises(SystemExit):
        GateModule(dict(OPERATION_SPEC, limit={"type": "int"}))
    printed = capsys.readouterr().out
    assert json.loads(printed)["failed"] is True
    assert "h1dden" not in printed


def test_the_options_of_a_group_are_hidden_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group = {"provider": "ecl_vna", "auth": {"password": "ab"}, "operations": [{"operation_id": "../x"}]}
    give({"groups": [group]}, monkeypatch)
    module = WaitModule()
    with pytest.raises(SystemExit):
        module.run(WaitModule.wait)  # type: ignore[arg-type]
    (shown,) = json.loads(capsys.readouterr().out)["invocation"]["module_args"]["groups"]
    assert shown["auth"]["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert shown["operations"][0]["operation_id"] == "../x"


@pytest.mark.parametrize("odd", [{"auth": 7}, {"auth": "password=h1dden x"}, {"limit": float("inf")}])
def test_an_option_of_another_type_is_reported_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], odd: Dict[str, Any]
) -> None:
    give({"provider": "openstack", "operation_id": "req-1", **odd}, monkeypatch)
    with pytest.raises(SystemExit):
        GateModule(dict(OPERATION_SPEC, limit={"type": "int"}))
    printed = capsys.readouterr().out
    assert json.loads(printed)["failed"] is True
    assert json.loads(printed)["msg"]
    assert "h1dden" not in printed
    assert "Traceback" not in printed


_NO_PASSWORD = {"auth_url": "https://keystone.test/v3", "username": "alice", "user_domain_id": "d", "project_id": "p"}
_SOME = [{"resource_id": "s1", "operation_id": "req-1"}, {"operation_id": "req-2"}]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"provider": "openstack", "operations": _SOME},
            "operation 2 of 2: resource_id is missing: provider openstack",
        ),
        ({"provider": "openstack", "operations": _SOME[1:]}, "resource_id is missing: provider openstack"),
        (
            {
                "groups": [
                    {"provider": "openstack", "operations": _SOME[:1]},
                    {"provider": "otc_ecs", "operations": _SOME},
                ]
            },
            "group 2: operation 2 of 2: resource_id is missing: provider otc_ecs",
        ),
        (
            {"groups": [{"provider": "openstack", "operations": _SOME[:1], "auth": _NO_PASSWORD}]},
            "group 1: auth.password is missing",
        ),
    ],
)
def test_a_mistake_in_one_of_several_says_in_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: Dict[str, Any], said: str
) -> None:
    assert wait(monkeypatch, capsys, **options)["msg"].startswith(said)
