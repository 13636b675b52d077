# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play of README as it is written: openstack.cloud starts a reboot, and both collections share module_defaults."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import Play
from lab.bench import Bench

README = Path(__file__).parents[3] / "README.md"
LOGIN = "auth_url username password project_name user_domain_id project_domain_id".split()
NEXT = '"msg": "The next step comes here."'


@pytest.mark.usefixtures("bus")
def test_the_play_of_readme(play: Play, bench: Bench, tmp_path: Path) -> None:
    (text,) = re.findall(r"^```yaml\n(# reboot.yml\n.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)
    playbook, clouds = tmp_path / "reboot.yml", tmp_path / "clouds.yaml"
    playbook.write_text(text, encoding="utf-8")
    login = {name: os.environ[f"OS_{name.upper()}"] for name in LOGIN}
    production = {"auth": login, "region_name": "RegionOne"}
    clouds.write_text(json.dumps({"clouds": {"production": production}}), encoding="utf-8")  # JSON is YAML
    server = bench.boot({"lab_reboot": "reads=2", "lab_power_off": "reads=2"})  # a hard reboot ends the guest first

    run = play(str(playbook), {"OS_CLIENT_CONFIG_FILE": str(clouds)}, server_id=server)

    assert run.code == 0, run.output
    assert NEXT in run.output
    newest = bench.demo.get(f"/servers/{server}/os-instance-actions").body["instanceActions"][0]
    assert newest["action"] == "reboot"
    assert f"WAITING: [localhost]: reboot {newest['request_id']}" in run.output
    assert bench.server(server)["task_state"] is None
