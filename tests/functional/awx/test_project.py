# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update of the project that fails: awx_setup shows why, and begins another one when it runs again."""

from __future__ import annotations

from awx.conftest import SETTINGS, good, set_up
from awx.controller import Controller
from awx.projects import EXAMPLE
from awx.test_launch import launch

ERROR = "fatal: could not read from remote repository: Host key verification failed."


def test_a_failed_update_is_shown_and_can_be_repeated(fresh: Controller) -> None:
    fresh.projects.repositories[SETTINGS["awx_project_url"]] = f"Cloning into '_6__cloudgate'...\n{ERROR}"

    first, second = set_up(fresh, SETTINGS), set_up(fresh, SETTINGS, "--tags", "organization")
    fresh.projects.repositories[SETTINGS["awx_project_url"]] = EXAMPLE
    healed, again = set_up(fresh, SETTINGS), set_up(fresh, SETTINGS)
    # AWX begins the update of another branch by itself, and the templates need its playbooks.
    moved = set_up(fresh, {**SETTINGS, "awx_project_branch": "next"})

    for run in (first, second):
        assert run.returncode == 2
        assert "The update of the project cloudgate is failed: Cloning into" in run.stdout
        assert ERROR in run.stdout
    good(healed)
    assert "changed=0" in good(again)
    assert "changed=1 " in good(moved)
    statuses = [each["status"] for each in fresh.things["project_updates"]]
    assert statuses == ["failed", "failed", "successful", "successful"]


def test_no_job_starts_after_a_failed_update(fresh: Controller) -> None:
    """Without a new update, jobs would run an old project."""
    owner = fresh.named("organizations", "Default")["id"]
    place = {"organization": owner, "scm_type": "git", "scm_url": SETTINGS["awx_project_url"]}
    project = fresh.add("projects", {"name": "p", **place})
    update_to_its_end(fresh)
    fresh.add("job_templates", {"name": "t", "organization": owner, "project": project["id"], "playbook": "gate.yml"})
    assert launch(fresh, "job_templates", "t", {}).status_code == 201

    fresh.projects.repositories[SETTINGS["awx_project_url"]] = ERROR
    fresh.projects.begin(project)
    update_to_its_end(fresh)
    answer = launch(fresh, "job_templates", "t", {})

    assert answer.status_code == 400
    assert "failed update" in answer.text


def update_to_its_end(controller: Controller) -> None:
    """Poll the latest update until it is finished."""
    for _poll in range(2):
        controller.projects.polled(controller.things["project_updates"][-1])
