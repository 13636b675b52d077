# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides' code blocks are, for the tests that run them as they are printed."""

from __future__ import annotations

import re
from typing import Any

import yaml
from simulated.playbook_runs import COLLECTION


def guide(name: str) -> str:
    """The text of a guide."""
    return (COLLECTION / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    """The YAML blocks of a guide."""
    return re.findall(r"^```yaml\n(.*?)^```$", guide(name), re.MULTILINE | re.DOTALL)


def block(name: str, begins: str) -> Any:
    """The one YAML block of a guide that begins like this."""
    (text,) = [each for each in blocks(name) if each.startswith(begins)]
    return yaml.safe_load(text)
