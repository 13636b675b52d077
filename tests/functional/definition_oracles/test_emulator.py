# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition for Redfish on sushy-tools' emulator of a BMC, whose only task is finished from the beginning."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest
import sushy
from definition_oracles.oracle import PASSWORD, USER
from scripted import RunModule
from sushy.resources.taskservice.task import Task
from sushy_tools.emulator.main import app
from werkzeug.serving import make_server

TASK = "/redfish/v1/TaskService/Tasks/42"


@pytest.fixture(scope="module")
def bmc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the emulator with its fake driver and a password, and return its URL."""
    folder: Path = tmp_path_factory.mktemp("bmc")
    users = folder / "htpasswd"
    users.write_text(f"{USER}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()}\n", encoding="utf-8")
    settings = {"FAKE_DRIVER": True, "AUTH_FILE": str(users), "STATE_DIR": str(folder)}
    app.configure(extra_config={f"SUSHY_EMULATOR_{name}": value for name, value in settings.items()})
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


def options(bmc: str, **more: Any) -> dict[str, Any]:
    auth = {"auth_type": "basic", "auth": {"username": USER, "password": PASSWORD}}
    return {"provider": "custom", "definition": "redfish", "endpoint": bmc, **auth, **more}


@pytest.mark.parametrize("operation_id", ["42", TASK])
def test_a_task(bmc: str, run_module: RunModule, operation_id: str) -> None:
    client = sushy.Sushy(bmc, auth=sushy.auth.BasicAuth(USER, PASSWORD))
    task = Task(client._conn, TASK)

    result = run_module("wait_for_operation", **options(bmc, operation_id=operation_id))

    assert task.task_state == sushy.TASK_STATE_COMPLETED
    assert result["succeeded"], result["msg"]
    (operation,) = result["operations"]
    shown = (operation["raw_status"], operation["type"], operation["percent"])
    assert shown == (task.task_state.value, task.name, task.percent_complete)


def test_a_task_that_is_missing(bmc: str, run_module: RunModule) -> None:
    result = run_module("operation_info", **options(bmc, operation_id="43"))

    assert result["failed"]
    assert "404" in result["msg"] or "does not know" in result["msg"]


def test_a_monitor_that_is_gone(bmc: str, run_module: RunModule) -> None:
    """The task names a monitor that the emulator lacks: its outcome is not known."""
    result = run_module("operation_info", **options(bmc, operation_id="/taskmon/42", definition="redfish_monitor"))

    assert result["failed"]


def test_a_wrong_password(bmc: str, run_module: RunModule) -> None:
    wrong = options(bmc, operation_id="42", auth={"username": USER, "password": "wrong"})
    result = run_module("wait_for_operation", **wrong)

    assert result["failed"]
    assert "401" in result["msg"]
