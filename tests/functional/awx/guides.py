# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of the guides, for the tests that run them as printed."""

from __future__ import annotations

import re
from typing import Any

import yaml
from simulated.playbook_runs import COLLECTION


def guide(name: str) -> str:
    """Return the text of a guide."""
    return (COLLECTION / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    """Return the YAML blocks of a guide."""
    return re.findall(r"^```yaml\n(.*?)^```$", guide(name), re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[str]:
    """Return the commands in the shell blocks of a guide, with continued lines joined."""
    shell = re.findall(r"^```shell\n(.*?)^```$", guide(name), re.MULTILINE | re.DOTALL)
    return "".join(shell).replace("\\\n", " ").splitlines()


def text(name: str, begins: str) -> str:
    """Return the one YAML block of a guide that begins in this way, as printed."""
    (found,) = [each for each in blocks(name) if each.startswith(begins)]
    return found


def block(name: str, begins: str) -> Any:
    """Return the one YAML block of a guide that begins in this way."""
    return yaml.safe_load(text(name, begins))
