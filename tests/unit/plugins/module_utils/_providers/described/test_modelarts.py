# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of Lite Servers and hyperinstances."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    GateError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference

PATH = "dev-servers/l1/operation/o1"
REFERENCE = Reference("o1", "l1")


def body(status: Any, **more: Any) -> Dict[str, Any]:
    return {"operation_id": "o1", "operation_status": status, "operation_type": "node_attach_volume", **more}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", "pending"),
        ("running", "running"),
        ("success", "succeeded"),
        ("SUCCESS", "succeeded"),
        ("failed", "failed"),
        ("paused", "unknown"),
        (7, "unknown"),
    ],
)
def test_the_status_is_read_in_any_case_and_a_new_word_is_unknown(
    scripted: Callable[..., Any], status: Any, state: str
) -> None:
    found = scripted("huaweicloud_modelarts", {PATH: body(status)}).show(REFERENCE)
    assert (found.state, found.reason, found.error) == (state, f"the API says {status}", None)


@pytest.mark.parametrize(
    ("error", "expected", "reason"),
    [
        ({"code": "M.1", "message": "no disk"}, {"code": "M.1", "message": "no disk"}, ": M.1 no disk"),
        ({"message": "no disk"}, {"code": None, "message": "no disk"}, ": no disk"),
        ({"code": "M.1"}, {"code": "M.1", "message": None}, ": M.1"),
        ({}, None, ""),
        (None, None, ""),
        ("no disk", None, ""),
    ],
)
def test_the_error_object_is_read(scripted: Callable[..., Any], error: Any, expected: Any, reason: str) -> None:
    found = scripted("huaweicloud_modelarts", {PATH: body("failed", operation_error=error)}).show(REFERENCE)
    assert (found.state, found.error, found.reason) == ("failed", expected, "the API says failed" + reason)


@pytest.mark.parametrize(
    ("options", "path", "resource_type"),
    [
        ({}, PATH, "lite_server"),
        ({"hyperinstance": False}, PATH, "lite_server"),
        ({"hyperinstance": True}, "dev-servers/hyperinstance/l1/operation/o1", "hyperinstance"),
    ],
)
def test_a_hyperinstance_has_its_own_path(
    scripted: Callable[..., Any], options: Dict[str, Any], path: str, resource_type: str
) -> None:
    provider = scripted("huaweicloud_modelarts", {path: body("running")}, **options)
    assert provider.show(REFERENCE).resource_type == resource_type
    assert provider.client.paths == [path]


@pytest.mark.parametrize("answer", [{}, {"operation_status": ""}, {"operation_status": ["running"]}])
def test_an_answer_without_a_status_is_a_protocol_error(scripted: Callable[..., Any], answer: Dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="operation_status is missing"):
        scripted("huaweicloud_modelarts", {PATH: answer}).show(REFERENCE)


def test_a_400_that_means_404_is_missing(scripted: Callable[..., Any]) -> None:
    error = ProtocolError("no such server", code="ModelArts.6404", request_id="r", status=400)
    with pytest.raises(MissingError) as caught:
        scripted("huaweicloud_modelarts", {PATH: error}).show(REFERENCE)
    assert caught.value.as_dict() == {
        "kind": "missing",
        "message": "no such server",
        "code": "ModelArts.6404",
        "request_id": "r",
    }
    assert caught.value.what == "resource"


@pytest.mark.parametrize("error", [ProtocolError("bad", code="ModelArts.0104", status=400), AuthError("who")])
def test_other_errors_stay_what_they_are(scripted: Callable[..., Any], error: GateError) -> None:
    with pytest.raises(type(error), match=error.message):
        scripted("huaweicloud_modelarts", {PATH: error}).show(REFERENCE)


def test_there_is_no_list(scripted: Callable[..., Any]) -> None:
    provider = scripted("huaweicloud_modelarts", {})
    assert not provider.info.capabilities.lists
    with pytest.raises(NotImplementedError):
        provider.list(Query())


def test_a_change_that_an_earlier_process_saw_is_remembered(scripted: Callable[..., Any]) -> None:
    reference = Reference(resource_id="l1", expect="RUNNING")
    busy, ready = ({"dev-servers/l1": {"id": "l1", "status": status}} for status in ("REBOOTING", "RUNNING"))
    first, second, other = (scripted("huaweicloud_modelarts", answers) for answers in (busy, ready, ready))
    rebooting = first.read(reference)
    assert (rebooting.state, first.exports_state(rebooting)) == ("running", True)
    assert other.read(reference).state == "running"
    second.import_state(reference, rebooting)
    assert second.read(reference).state == "succeeded"
