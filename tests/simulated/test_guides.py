# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for a beginner run as they are written, one for each provider, with the values of a simulated cloud."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from simulated.playbook_runs import COLLECTION, run_playbook
from simulator import Simulator

GUIDE = COLLECTION / "docs" / "guides" / "getting-started.md"
CLOUDS = ("openstack", "otc", "huaweicloud", "fujitsu", "ecl")  # each is how its providers begin
# The URLs as the plays have them, below the simulated endpoints.
URLS = {
    "modelarts_url": "{modelarts_endpoint}/v1",
    "rds_url": "{rds_endpoint}/v3",
    "ecs_url": "{ecs_endpoint}/v1",
    "vna_url": "{vna_endpoint}/v1.0",
    "mlb_url": "{mlb_endpoint}/v1.0",
}
VERSIONS = {"openstack": "", "otc_ecs": "/v2.1", "huaweicloud_ecs": "/v2.1", "fujitsu_k5": "/v2", "ecl_compute": "/v2"}
GATE = "ansible.builtin.include_role"


def plays() -> dict[str, dict[str, Any]]:
    """Each play of the guide by its provider."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = [yaml.safe_load(text) for text in texts]
    return {gate(each[0])["operation_gate_provider"]: each[0] for each in found if isinstance(each, list)}


def gate(play: dict[str, Any]) -> dict[str, Any]:
    """The variables of the gate in a play."""
    return next(task["vars"] for task in play["tasks"] if GATE in task)


def values(sim: Simulator, provider: str) -> dict[str, Any]:
    """What a user of the simulated cloud would write into the variables of a play."""
    if provider == "custom":
        google = sim.services["google"]
        return {"api_url": google["endpoint"], "instance": google["resource"], "token": google["token"]}
    cloud = next(cloud for cloud in CLOUDS if provider.startswith(cloud))
    account = sim.clouds[cloud]
    urls = {name: url.format(**account) for name, url in URLS.items() if url[1:].partition("}")[0] in account}
    urls["compute_url"] = account["endpoint"] + VERSIONS.get(provider, "")
    return {**account, **urls, "region": account["region_name"], "server_id": account["server_ids"][0]}


def filled_in(play: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The play with these values; what signs with an access key has no catalog to find the endpoint in."""
    for name, value in play["vars"].items():
        if isinstance(value, dict):
            assert set(value) <= set(known)
            play["vars"][name] = {leaf: known[leaf] for leaf in value}
        else:
            play["vars"][name] = known.get(name, value)
    connection = gate(play)["operation_gate_connection"]
    if connection.get("auth_type") == "aksk":
        connection["endpoint"] = known["modelarts_endpoint" if "modelarts_url" in play["vars"] else "ecs_endpoint"]
        connection["auth"]["iam_endpoint"] = known["iam_endpoint"]
    return play


def test_there_is_a_playbook_for_each_provider() -> None:
    assert set(plays()) == set(PROVIDERS)


@pytest.mark.parametrize("cloud", [*CLOUDS, "custom"])
def test_the_playbooks_run(cloud: str, tmp_path: Path) -> None:
    with Simulator(speed=10) as sim:
        chosen = {provider: play for provider, play in plays().items() if provider.startswith(cloud)}
        written = [filled_in(play, values(sim, provider)) for provider, play in chosen.items()]
        playbook = tmp_path / "gate.yml"
        playbook.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
        run = run_playbook(playbook)

    assert run.returncode == 0, run.stdout + run.stderr
    assert len(re.findall(r'"msg": ".+ succeeded after [0-9.]+ s"', run.stdout)) == len(chosen) > 0
