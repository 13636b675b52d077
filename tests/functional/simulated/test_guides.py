# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook for every cloud runs as it is written, with the values of each provider's simulated cloud.

The first playbook of the guide needs openstack.cloud: tests/functional/first_hour runs it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from simulated.playbook_runs import COLLECTION, ansible, keep, kept, run, run_playbook, shown_secrets, started, token
from simulator import Simulator

GUIDE = COLLECTION / "docs" / "guides" / "getting-started.md"
CLOUDS = ("openstack", "otc", "huaweicloud", "fujitsu", "ecl")  # each is how its providers begin
# The URLs as the values have them, below the simulated endpoints.
URLS = {
    "modelarts_url": "{modelarts_endpoint}/v1",
    "rds_url": "{rds_endpoint}/v3",
    "ecs_url": "{ecs_endpoint}/v1",
    "heat_url": "{heat_endpoint}",
    "glance_url": "{image_endpoint}",
    "vna_url": "{vna_endpoint}/v1.0",
    "mlb_url": "{mlb_endpoint}/v1.0",
}
VERSIONS = {"openstack": "", "otc_ecs": "/v2.1", "huaweicloud_ecs": "/v2.1", "fujitsu_k5": "/v2", "ecl_compute": "/v2"}
# In check mode the play is the same for all others: with a token, a key, an ID of its own, and no login of the play.
CHECKED = ("openstack", "huaweicloud_job", "ecl_vna", "custom")
PROVIDER, CONNECTION = "operation_gate_provider", "operation_gate_connection"
Values = dict[str, Any]
Play = Callable[..., subprocess.CompletedProcess[str]]


def blocks(begins: str, page: Path = GUIDE) -> list[Any]:
    """Return the blocks of a guide whose first line begins in this way."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [yaml.safe_load(text) for text in texts if text.startswith(begins)]


FLEETS = blocks("- name: Reboot a fleet", COLLECTION / "docs" / "guides" / "fleet.md")
VALUES: dict[str, Values] = {each[PROVIDER]: each for each in blocks("# values.yml")}


def known(sim: Simulator, provider: str) -> Values:
    """Return what a user of the simulated cloud would write into the values."""
    if provider == "custom":
        google = sim.services["google"]
        return {"api_url": google["endpoint"], "instance": google["resource"], "token": google["token"]}
    cloud = next(cloud for cloud in CLOUDS if provider.startswith(cloud))
    account = sim.clouds[cloud]
    urls = {name: url.format(**account) for name, url in URLS.items() if url[1:].partition("}")[0] in account}
    urls["compute_url"] = account["endpoint"] + VERSIONS.get(provider, "")
    return {**account, **urls, "server_id": account["server_ids"][0]}


def filled_in(values: Values, known: Values) -> Values:
    """Return the values of a simulated cloud; a login with an access key has no catalog for the endpoint."""
    filled = {name: known.get(name, value) for name, value in values.items()}
    if "login" in values:
        filled["login"] = {name: known[name] for name in values["login"]}
    connection = filled[CONNECTION] = dict(values[CONNECTION])
    if "region_name" in connection:
        connection["region_name"] = known["region_name"]
    if connection.get("auth_type") == "aksk":
        connection["endpoint"] = known["modelarts_endpoint" if "modelarts_url" in values else "ecs_endpoint"]
        connection["auth"] = {name: known[name] for name in (*connection["auth"], "iam_endpoint")}
    return filled


@pytest.fixture
def fast() -> Iterator[Simulator]:
    with Simulator(speed=10) as simulator:
        yield simulator


@pytest.fixture
def play(provider: str, fast: Simulator, tmp_path: Path) -> Play:
    """Run the playbook with the values of a provider, in a folder as projects have it, and keep the gate's result.

    The inventory names localhost, and a Python for it that has none of the libraries.
    """
    (playbook,) = blocks("# gate.yml")
    playbook[0]["tasks"].append(keep(tmp_path, "operation_gate_result"))
    files = {
        "playbooks/gate.yml": playbook,
        "values.yml": filled_in(VALUES[provider], known(fast, provider)),
        "inventory.yml": {"all": {"hosts": {"localhost": {"ansible_python_interpreter": "/usr/bin/false"}}}},
    }
    (tmp_path / "playbooks").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    command = ansible("playbook", "-i", str(tmp_path / "inventory.yml"), "-e", f"@{tmp_path / 'values.yml'}")
    return lambda *options: run([*command, str(tmp_path / "playbooks" / "gate.yml"), *options])


def test_there_are_values_for_each_provider() -> None:
    by_expect = {
        name for name, info in PROVIDERS.items() if info.capabilities.only_expects
    }  # their answers name nothing
    assert set(VALUES) == set(PROVIDERS) - by_expect


@pytest.mark.parametrize("provider", VALUES)
def test_the_gate_opens_and_no_secret_is_shown(play: Play, fast: Simulator, tmp_path: Path) -> None:
    done = play("-vvv")

    assert done.returncode == 0, done.stdout + done.stderr
    result = kept(tmp_path, "operation_gate_result")
    assert [each["state"] for each in result["operations"]] == ["succeeded"] and result["succeeded"]
    assert len(started(fast)) == 1
    assert shown_secrets(fast, done.stdout + done.stderr) == []


@pytest.mark.parametrize("provider", CHECKED)
def test_check_mode_starts_nothing_and_does_not_fail(play: Play, fast: Simulator) -> None:
    done = play("--check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The next step comes here." in done.stdout
    assert started(fast) == []


@pytest.fixture(params=FLEETS, ids=lambda plays: plays[0]["name"])
def fleet(request: pytest.FixtureRequest, fast: Simulator, tmp_path: Path) -> Play:
    """Run a playbook of the guide to fleets on the three servers of a cloud, with the login in the environment."""
    account = fast.clouds["openstack"]
    hosts = {f"host-{number}": {"server_id": server} for number, server in enumerate(account["server_ids"])}
    files = {"fleet.yml": request.param, "inventory.yml": {"fleet": {"hosts": hosts}}}
    for name, content in files.items():
        (tmp_path / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    names = ("auth_url", "username", "password", "user_domain_name", "project_id")
    environ = {f"OS_{name.upper()}": account[name] for name in names}
    variables = {"compute_url": account["endpoint"], "token": token(account)}
    inventory = ("-i", str(tmp_path / "inventory.yml"))
    return lambda *options: run_playbook(tmp_path / "fleet.yml", variables, *inventory, *options, environ=environ)


def test_a_fleet_continues_and_no_secret_is_shown(fleet: Play, fast: Simulator) -> None:
    done = fleet("-vvv")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("is up again") == len(started(fast)) == 3
    assert shown_secrets(fast, done.stdout + done.stderr) == []


def test_a_fleet_starts_nothing_in_check_mode(fleet: Play, fast: Simulator) -> None:
    done = fleet("--check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert started(fast) == []
