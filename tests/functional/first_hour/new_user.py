# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user: an empty home folder, a clouds.yaml, and README, whose commands are typed as they are written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml
from simulator import Simulator

COLLECTION = Path(__file__).parents[3]
README = (COLLECTION / "README.md").read_text(encoding="utf-8")
GUIDE = (COLLECTION / "docs" / "guides" / "getting-started.md").read_text(encoding="utf-8")
PINNED = COLLECTION / "tests" / "requirements" / "locks" / "test.txt"
SECONDS = 280
# A developer's machine has these; a new user's has not.
_NOT_HIS = ("ANSIBLE_", "OS_", "PYTHON", "VIRTUAL_ENV", "HUAWEICLOUD_", "FIRST_HOUR_")
Done = subprocess.CompletedProcess[str]


def blocks(text: str, language: str) -> list[str]:
    """Return the blocks of code of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(with_word: str) -> str:
    """Return the only block of README's commands that has this word."""
    (found,) = [block for block in blocks(README, "shell") if with_word in block]
    return found


def play(page: str) -> str:
    """Return the first play of a page."""
    (found,) = [block for block in blocks(page, "yaml") if block.startswith("# reboot.yml\n")]
    return found


class NewUser:
    """home: the home folder. Of this machine's settings, only those for the package index are kept."""

    def __init__(self, home: Path) -> None:
        self.home = home
        config = next((file for file in _pip_configs() if file.exists()), None)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HIS)}
        self._environment = {
            **kept,
            "HOME": str(home),
            "PIP_CONSTRAINT": str(PINNED),  # the newest version changes from day to day
            **({"PIP_CONFIG_FILE": str(config)} if config else {}),
            "NO_PROXY": f"{os.environ.get('NO_PROXY', '')},127.0.0.1",
        }

    def types(self, text: str, folder: Path | None = None, **environment: str) -> Done:
        """Run commands in a new shell, in which the environment of README is active once it is there."""
        activate = self.home / "gate" / "bin" / "activate"
        before = f". {activate}\n" if activate.exists() else ""
        return subprocess.run(
            ["bash", "-e", "-c", before + text],
            cwd=folder or self.home,
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def installs(self, packages: list[str]) -> Done:
        """Type README's installation; Galaxy's two names become the packages that it would send."""
        text = commands("ansible-galaxy")
        names = "cloudgate.operations openstack.cloud"
        assert text.count(names) == 1
        return self.types(text.replace(names, " ".join(packages)))

    def writes_clouds_yaml(self, sim: Simulator, file: Path) -> None:
        """Copy the guide's clouds.yaml, with the values of the simulated cloud."""
        (text,) = [block for block in blocks(GUIDE, "yaml") if block.startswith("clouds:")]
        account: dict[str, Any] = sim.clouds["openstack"]
        given = yaml.safe_load(text)
        login = given["clouds"]["production"]["auth"]
        login.update({name: account[name] for name in login if name in account})
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(given), encoding="utf-8")

    def runs(self, sim: Simulator, *options: str, playbook: str = "reboot.yml", **environment: str) -> Done:
        """Type README's command for the play, with a server of the simulated cloud."""
        (self.home / playbook).parent.mkdir(exist_ok=True)
        (self.home / playbook).write_text(play(README), encoding="utf-8")
        text = commands("ansible-playbook reboot.yml").replace("reboot.yml", " ".join([playbook, *options]))
        server_id = sim.clouds["openstack"]["server_ids"][0]
        return self.types(re.sub(r"(?<=server_id=)\S+", server_id, text), **environment)


def _pip_configs() -> list[Path]:
    own = Path.home()
    named = [Path(os.environ["PIP_CONFIG_FILE"])] if os.environ.get("PIP_CONFIG_FILE") else []
    return [*named, own / ".config" / "pip" / "pip.conf", own / ".pip" / "pip.conf"]
