# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide to AWX describes what the collection has."""

from __future__ import annotations

import re

import pytest
import yaml
from awx.conftest import EXTENSION
from awx.guides import guide
from awx.test_setup import loaded
from simulated.playbook_runs import COLLECTION

IN_EACH = ("ca_cert", "trusted_hosts")
TYPES = {each["name"]: each for each in loaded("credential_types.yml")["awx_credential_types"]}


LOGINS = loaded("credential_types.yml")["awx_logins"]


@pytest.mark.parametrize("name", LOGINS)
def test_the_guide_names_every_login_and_every_field_of_its_type(name: str) -> None:
    kind, row = re.findall(rf"^\| `{name}` \| ([^|]*) \| (.*) \|$", guide("awx"), re.MULTILINE)[0]
    assert kind == LOGINS[name]["type"]
    if kind not in TYPES:  # AWX's own
        return
    needed, _semicolon, others = row.partition("; ")
    inputs = TYPES[kind]["inputs"]
    labels = {field["id"]: field["label"] for field in inputs["fields"] if field["id"] not in IN_EACH}

    assert needed.split(", ") == [labels[each] for each in inputs["required"]]
    assert [each for each in others.split(", ") if each] == [
        label for each, label in labels.items() if each not in inputs["required"]
    ]


def test_the_guide_has_every_question_of_the_survey() -> None:
    questions = loaded("templates.yml")["awx_gate_template"]["survey"]
    kinds = {"multiplechoice": "multiple choice"}
    rows = re.findall(r"^\| ([A-Z][^|]*) \| `(\w+)` \| ([a-z ]+) \| ", guide("awx"), re.MULTILINE)

    assert rows == [
        (each["question_name"], each["variable"], kinds.get(each["type"], each["type"])) for each in questions
    ]


def test_the_guide_has_every_template_and_every_file() -> None:
    data = loaded("templates.yml")
    templates = [*data["awx_job_templates"], data["awx_gate_template"]]
    rows = re.findall(r"^ +\| (cloudgate [^|]*) \| `(\w+\.yml)` \| (?:`([^`]*)`)? ?\|$", guide("awx"), re.MULTILINE)
    files = re.findall(r"^\| `([\w/]+\.yml)` \| ", guide("awx"), re.MULTILINE)

    assert sorted((name.partition(" production,")[0], playbook, more) for name, playbook, more in rows) == sorted(
        (
            each["name"],
            each["playbook"],
            "; ".join(f"{name}: {str(value).lower()}" for name, value in each.get("extra_vars", {}).items()),
        )
        for each in templates
    )
    assert sorted(files) == sorted(
        str(path.relative_to(EXTENSION / "project")) for path in (EXTENSION / "project").rglob("*.yml")
    )


def test_the_guide_has_every_variable_of_the_playbook() -> None:
    text = (COLLECTION / "playbooks" / "awx_setup.yml").read_text(encoding="utf-8")
    (play,) = yaml.safe_load(text)
    tasks = [task for block in play["tasks"] for task in block["block"]]
    made = {task.get("register") for task in tasks} | {
        name for task in tasks for name in task.get("ansible.builtin.set_fact", ())
    }
    data = {*loaded("templates.yml"), *loaded("credential_types.yml")}
    named = {each for each in re.findall(r"\bawx_\w+", text) if f"`{each}`" not in guide("awx")}
    assert named == {*(made - {None}), *data}


def test_the_image_pins_what_the_project_does_not_hide() -> None:
    """Collections of a project win over those of the image (AWX puts requirements_collections first in the path)."""
    assert not list((EXTENSION / "project").rglob("requirements.yml"))
    pinned = yaml.safe_load((EXTENSION / "execution-environment.yml").read_text(encoding="utf-8"))
    assert {"name": "openstack.cloud", "version": "2.5.0"} in pinned["dependencies"]["galaxy"]["collections"]


def test_every_type_has_the_fields_that_the_guide_says_each_has() -> None:
    for kind in TYPES.values():
        fields = {field["id"]: field for field in kind["inputs"]["fields"]}
        assert all(f"**{fields[name]['label']}**" in guide("awx") for name in IN_EACH)
        assert "CLOUDGATE_TRUSTED_HOSTS" in kind["injectors"]
