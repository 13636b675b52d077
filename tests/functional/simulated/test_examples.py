# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of the documentation runs as written, on simulated clouds that have the examples' names."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated.playbook_runs import COLLECTION, run_playbook, shown_secrets, started, token
from simulator import Simulator

SOURCES = [
    *sorted(COLLECTION.glob("plugins/modules/*.py")),
    *sorted(COLLECTION.glob("plugins/filter/*.py")),
    *sorted(COLLECTION.glob("docs/**/*.md")),
    *sorted(COLLECTION.glob("roles/*/README.md")),
]
CLOUDS = {
    "openstack_stack": "openstack",
    "openstack_volume": "openstack",
    "openstack_baremetal": "openstack",
    "openstack_image": "openstack",
    "openstack_loadbalancer": "openstack",
    "otc_ecs": "otc",
    "otc_job": "otc",
    "huaweicloud_job": "huaweicloud",
    "huaweicloud_modelarts": "huaweicloud",
    "ecl_vna": "ecl",
    "ecl_mlb": "ecl",
    "custom": "openstack",
}
ELSEWHERE = "openstack.cloud."  # tests/functional/openstack runs the examples that start its modules
NESTED = ("block", "rescue", "always")
Run = Callable[..., subprocess.CompletedProcess[str]]


def examples(source: Path) -> list[list[dict[str, Any]]]:
    """Yield the lists of tasks in a plugin's EXAMPLES, or in the YAML blocks of a page; other YAML is skipped."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".py":
        assigned = (each for each in ast.parse(text).body if isinstance(each, ast.Assign))
        texts = [ast.literal_eval(each.value) for each in assigned if ast.unparse(each.targets[0]) == "EXAMPLES"]
    else:
        texts = re.findall(r"^```ya?ml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    found = [yaml.safe_load(each) for each in texts]
    # test_guides runs whole plays, tests/functional/first_hour that of README. openstack.cloud is not installed here.
    lists = [each for each in found if isinstance(each, list) and ELSEWHERE not in str(each)]
    return [each for each in lists if all("name" in task and "hosts" not in task for task in each)]


ANY_API = COLLECTION / "docs" / "providers" / "custom.md"  # test_definition_pages runs this page, and those below
DEFINITIONS = ANY_API.with_name("definitions")
DOCUMENTED = [each for each in SOURCES if each != ANY_API and each.parent != DEFINITIONS and examples(each)]


@pytest.fixture
def fast() -> Iterator[Simulator]:
    """Clouds on which an operation of one second takes a tenth of it."""
    with Simulator(speed=10) as simulator:
        yield simulator


def login(account: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of clouds.yaml."""
    names = ("auth_url", "username", "password", "user_domain_name", "project_id")
    return {"auth": {name: account[name] for name in names}, "region_name": account["region_name"]}


def reboot(sim: Simulator, cloud: str, server_id: str) -> dict[str, Any]:
    """Return the result of ansible.builtin.uri for a reboot that finished long ago."""
    begun = sim.add_operation(cloud, "reboot", server_id, started=60)
    url = f"https://compute.example.com/v2.1/servers/{server_id}/action"
    return {"url": url, "status": 202, "x_compute_request_id": begun["request_id"]}


def names_of_cloud(sim: Simulator, cloud: str) -> dict[str, Any]:
    """Return the examples' variables that differ between clouds."""
    server_id, web_server_id, db_server_id = sim.clouds[cloud]["server_ids"]
    web, db = reboot(sim, cloud, web_server_id), reboot(sim, cloud, db_server_id)
    server = {"id": server_id, "status": "ACTIVE"}
    return {
        "begun": (datetime.now(timezone.utc) - timedelta(seconds=120)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "before": {"mark": {"provider": cloud, "resource_id": server_id, "server": None, "since": None, "known": []}},
        "rebuilt": {"changed": True, "server": server},
        "stop": reboot(sim, cloud, server_id),
        "start": reboot(sim, cloud, server_id),
        "server_id": server_id,
        "web_server_id": web_server_id,
        "db_server_id": db_server_id,
        "reboot": reboot(sim, cloud, server_id),
        "web_resize": web,
        "db_resize": db,
        "snapshot": web,
        "reboots": {"results": [web, db]},
    }


def names(sim: Simulator) -> dict[str, Any]:
    """Return the examples' other variables."""
    openstack, otc, huaweicloud, ecl = (sim.clouds[name] for name in ("openstack", "otc", "huaweicloud", "ecl"))
    return {
        "cloud_password": openstack["password"],
        "compute_url": openstack["endpoint"],
        "token": token(openstack),
        "flavor_id": "2",
        "image_id": "155d900f-4e14-4e4c-a73d-069cbf4541e6",
        "credential_id": openstack["application_credential_id"],
        "credential_secret": openstack["application_credential_secret"],
        "otc_username": otc["username"],
        "otc_password": otc["password"],
        "otc_domain": otc["user_domain_name"],
        "otc_access_key": otc["access_key"],
        "otc_secret_key": otc["secret_key"],
        "ecl_api_key": ecl["username"],
        "ecl_api_secret": ecl["password"],
        "ecl_tenant_id": ecl["project_id"],
        "ecl_reboots": {"results": [reboot(sim, "ecl", ecl["server_ids"][0])]},
        "appliance_id": ecl["appliance_id"],
        "lite_server_id": huaweicloud["lite_server_id"],
        "attached": {"json": sim.add_operation("huaweicloud", "node_attach_volume", started=60)},
        **names_of_services(sim),
    }


def names_of_services(sim: Simulator) -> dict[str, Any]:
    """Return the variables of the pages about the providers."""
    otc, huaweicloud, ecl = (sim.clouds[name] for name in ("otc", "huaweicloud", "ecl"))
    balancer = sim.add_operation("ecl", "Action::apply-configurations", started=60)
    google = sim.services["google"]
    return {
        "mlb_url": ecl["mlb_endpoint"],
        "vna_url": ecl["vna_endpoint"],
        "load_balancer_id": ecl["load_balancer_id"],
        "ecl_token": token(ecl),
        "own_request_id": "0b1f7c2e-0000-4000-8000-000000000001",
        "balancer_operation_id": balancer["operation_id"],
        "ecs_url": otc["ecs_endpoint"],
        "otc_server_id": otc["server_ids"][0],
        "otc_token": token(otc),
        "project_id": otc["project_id"],
        "database_job_id": sim.add_operation("otc", "RestartMysqlInstance", started=60)["operation_id"],
        "modelarts_url": huaweicloud["modelarts_endpoint"],
        "modelarts_token": token(huaweicloud),
        "modelarts_project_id": huaweicloud["project_id"],
        **names_of_openstack(sim),
        "google_url": google["endpoint"],
        "google_instance": google["resource"],
        "google_token": google["token"],
    }


def names_of_openstack(sim: Simulator) -> dict[str, Any]:
    """Return the variables of OpenStack's other services."""
    cloud = sim.clouds["openstack"]
    stack = {"stack_name": "stack-0", "stack_id": cloud["stack_id"], "stack_body": {"template": {}}}
    extend = sim.add_operation("openstack", "volume_extend", started=60)
    for kind in ("node_deploy", "image_import", "balancer_listener"):
        sim.add_operation("openstack", kind, started=60)
    others = {
        "image_id": cloud["image_id"],
        "balancer_id": cloud["loadbalancer_id"],
        "listener_id": cloud["listener_id"],
    }
    volume = {"volume_id": cloud["volume_id"], "extend_request_id": extend["operation_id"]}
    return {
        "heat_url": cloud["heat_endpoint"],
        "glance_url": cloud["image_endpoint"],
        "node_id": cloud["node_id"],
        **stack,
        **volume,
        **others,
    }


def substitutes(sim: Simulator) -> dict[str, str]:
    """Return what replaces the clouds' real addresses, and the literal ids of an example."""
    ecl = sim.clouds["ecl"]
    return {
        "https://keystone.example.com/v3": sim.clouds["openstack"]["auth_url"],
        "alice": sim.clouds["openstack"]["username"],
        "https://iam.eu-de.otc.t-systems.com/v3": sim.clouds["otc"]["auth_url"],
        "https://keystone-jp5-ecl.api.ntt.com/v3": ecl["auth_url"],
        "jp5": ecl["region_name"],
        "75aab8db-8632-42b4-af2f-06b5820798ef": sim.add_operation("ecl", "Update", started=60)["operation_id"],
    }


def replaced(value: Any, by: dict[str, str]) -> Any:
    """Return the same value with the substitutes."""
    if isinstance(value, dict):
        return {key: replaced(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, by) for each in value]
    return by.get(value, value) if isinstance(value, str) else value


def at_home(sim: Simulator, task: dict[str, Any]) -> dict[str, Any]:
    """Return the task with the variables of its cloud; with an access key there is no catalog to ask."""
    for section in NESTED:
        if section in task:
            task[section] = [at_home(sim, each) for each in task[section]]
    module = next((name for name in task if name.startswith("cloudgate.operations.")), None)
    options = task[module] if module else task.get("vars", {})
    provider = str(options.get("provider") or options.get("operation_gate_provider") or "openstack")
    account = sim.clouds[CLOUDS.get(provider, provider)]
    if "access_key" in account and "auth_url" not in options.get("auth", {}):
        options["endpoint"] = account["modelarts_endpoint" if provider == "huaweicloud_modelarts" else "endpoint"]
        task["environment"] = {
            "HUAWEICLOUD_SDK_AK": account["access_key"],
            "HUAWEICLOUD_SDK_SK": account["secret_key"],
            "HUAWEICLOUD_SDK_IAM_ENDPOINT": account["iam_endpoint"],
        }
    if options.get("cloud") == "envvars":
        task["environment"] = {f"OS_{name.upper()}": value for name, value in login(account)["auth"].items()}
    if not any(section in task for section in NESTED):
        task["vars"] = names_of_cloud(sim, CLOUDS.get(provider, provider)) | task.get("vars", {})
    return task


@pytest.fixture(params=DOCUMENTED, ids=lambda source: source.relative_to(COLLECTION).as_posix())
def run(request: pytest.FixtureRequest, fast: Simulator, tmp_path: Path) -> Run:
    """Run the examples of a source in one play, with these options of ansible-playbook."""
    by = substitutes(fast)
    tasks = [at_home(fast, replaced(task, by)) for example in examples(request.param) for task in example]
    play = {"hosts": "localhost", "gather_facts": False, "vars_files": ["variables.yml"], "tasks": tasks}
    playbook, clouds, variables = (tmp_path / name for name in ("examples.yml", "clouds.yaml", "variables.yml"))
    logins = {"production": login(fast.clouds["openstack"]), "ecl": login(fast.clouds["ecl"])}
    clouds.write_text(yaml.safe_dump({"clouds": logins}), encoding="utf-8")
    variables.write_text(yaml.safe_dump(names(fast)), encoding="utf-8")
    playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    environ = {"OS_CLIENT_CONFIG_FILE": str(clouds), "ANSIBLE_ASYNC_DIR": str(tmp_path / "jobs")}
    return lambda *options: run_playbook(playbook, None, *options, environ=environ)


def test_examples_run_and_show_no_secret(run: Run, fast: Simulator) -> None:
    done = run("-vvv")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "ignored=0" in done.stdout
    assert any(request["method"] == "GET" and request["status"] == 200 for request in fast.requests)
    # Ansible itself shows the variables that a task sets in its environment; here only the test sets any.
    assert shown_secrets(fast, re.sub(r"^<.*> EXEC .*$", "", done.stdout + done.stderr, flags=re.MULTILINE)) == []


def test_examples_run_in_check_mode_and_start_nothing(run: Run, fast: Simulator) -> None:
    done = run("--check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert started(fast) == []


def test_each_module_and_the_role_have_examples() -> None:
    kinds = [each.parent.name for each in DOCUMENTED]

    assert kinds.count("modules") == len(list(COLLECTION.glob("plugins/modules/*.py")))
    assert {"filter", "operation_gate"} <= set(kinds)
