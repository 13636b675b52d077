# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guide of AWX says is what there is."""

from __future__ import annotations

import re

import pytest
import yaml
from awx.conftest import EXTENSION
from awx.guides import block, guide
from awx.test_setup import loaded

IN_EACH = ("ca_cert", "trusted_hosts")
TYPES = {each["name"]: each for each in loaded("credential_types.yml")["awx_credential_types"]}


@pytest.mark.parametrize("name", TYPES)
def test_the_guide_names_every_field_of_a_type(name: str) -> None:
    (row,) = re.findall(rf"^\| {re.escape(name)} \| (.*) \|$", guide("awx"), re.MULTILINE)
    needed, _semicolon, others = row.partition("; ")
    inputs = TYPES[name]["inputs"]
    labels = {field["id"]: field["label"] for field in inputs["fields"] if field["id"] not in IN_EACH}

    assert needed.split(", ") == [labels[each] for each in inputs["required"]]
    assert [each for each in others.split(", ") if each] == [
        label for each, label in labels.items() if each not in inputs["required"]
    ]


def test_the_guide_has_every_question_of_the_survey() -> None:
    (gate,) = [each for each in loaded("templates.yml")["awx_job_templates"] if each["playbook"] == "gate.yml"]
    kinds = {"multiplechoice": "multiple choice"}
    rows = re.findall(r"^\| ([A-Z][^|]*) \| `(\w+)` \| ([a-z ]+) \| ", guide("awx"), re.MULTILINE)

    assert rows == [
        (each["question_name"], each["variable"], kinds.get(each["type"], each["type"]))
        for each in gate["survey"]["spec"]
    ]


def test_the_guide_has_every_template_and_every_file() -> None:
    templates = loaded("templates.yml")["awx_job_templates"]
    rows = re.findall(r"^ +\| (cloudgate [^|]*) \| `(\w+\.yml)` \| (?:`([^`]*)`)? ?\|$", guide("awx"), re.MULTILINE)
    files = re.findall(r"^\| `([\w/]+\.yml)` \| ", guide("awx"), re.MULTILINE)

    assert rows == [
        (
            each["name"],
            each["playbook"],
            "; ".join(f"{name}: {str(value).lower()}" for name, value in each.get("extra_vars", {}).items()),
        )
        for each in templates
    ]
    assert sorted(files) == sorted(
        str(path.relative_to(EXTENSION / "project")) for path in (EXTENSION / "project").rglob("*.yml")
    )


def test_every_type_has_the_fields_that_the_guide_says_each_has() -> None:
    for kind in TYPES.values():
        fields = {field["id"]: field for field in kind["inputs"]["fields"]}
        assert all(f"**{fields[name]['label']}**" in guide("awx") for name in IN_EACH)
        assert "CLOUDGATE_TRUSTED_HOSTS" in kind["injectors"]


def test_the_guide_shows_the_execution_environment_that_there_is() -> None:
    shown = block("awx", "version: 3")
    there = yaml.safe_load((EXTENSION / "execution-environment.yml").read_text(encoding="utf-8"))

    assert shown == {name: there[name] for name in shown}
    assert set(there) - set(shown) == {"additional_build_steps"}
