# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects of AWX and their updates (tag 24.6.1 of its source).

- AWX begins an update when a project is made, and when its URL or branch changes (Project.save in
  awx/main/models/projects.py). The status of the project is that of its last update (_get_current_status).
- A job template needs a playbook that the last good update has found ("Playbook not found for project",
  JobOptionsSerializer.validate in awx/api/serializers.py), and no job starts after an update that has failed
  (Project.get_reason_if_failed, which JobLaunchSerializer.validate asks).
"""

from __future__ import annotations

from collections.abc import Callable

from awx.kinds import Item
from awx.rules import Refused

_TRIGGERS = ("scm_url", "scm_branch", "scm_type")
EXAMPLE = ("gate.yml", "go_on.yml", "shut.yml", "start.yml")


class Projects:
    """The updates of projects. repositories: by URL what git finds there, or the text of its error."""

    def __init__(self, add: Callable[[str, Item], Item]) -> None:
        self._add = add
        self.repositories: dict[str, tuple[str, ...] | str] = {}
        self._last: dict[int, Item] = {}
        self._files: dict[int, tuple[str, ...]] = {}

    def saved(self, project: Item, before: Item | None = None) -> None:
        """Begin an update if AWX would, now that this project was made or changed."""
        if project.get("scm_type") and any(project.get(name) != (before or {}).get(name) for name in _TRIGGERS):
            self.begin(project)

    def begin(self, project: Item) -> Item:
        """Begin an update."""
        self._last[project["id"]] = self._add(
            "project_updates",
            {
                "name": project["name"],
                "organization": project.get("organization"),
                "project": project["id"],
                "scm_url": project["scm_url"],
                "scm_revision": "",
                "status": "pending",
                "failed": False,
                "started": None,
                "finished": None,
                "elapsed": 0.0,
                "polls": 0,
            },
        )
        return self._last[project["id"]]

    def polled(self, update: Item) -> None:
        """Let an update go on: it is finished when it is polled for the second time."""
        update["polls"] += 1
        if update["finished"] or update["polls"] < 2:
            return
        found = self.repositories.get(update["scm_url"], EXAMPLE)
        failed = isinstance(found, str)
        update.update(finished="2026-11-28T08:00:00Z", failed=failed, status="failed" if failed else "successful")
        if not isinstance(found, str):
            self._files[update["project"]] = found
            update["scm_revision"] = "4f0c9d5"

    def output(self, update: Item) -> str:
        """Return what an update printed."""
        found = self.repositories.get(update["scm_url"], EXAMPLE)
        return found if isinstance(found, str) else "PLAY RECAP"

    def shown(self, project: Item) -> Item:
        """Return a project as the API shows it."""
        last = self._last.get(project["id"])
        if last is None:
            return {**project, "status": "ok"}
        summary = {} if last["finished"] else {"current_update": {"id": last["id"], "status": last["status"]}}
        related = {"update": f"{project['url']}update/"}
        return {**project, "status": last["status"], "summary_fields": summary, "related": related}

    def check_playbook(self, template: Item, project: Item) -> None:
        """Raises Refused if the project has no such playbook."""
        if project.get("scm_type") and template["playbook"] not in self._files.get(project["id"], ()):
            raise Refused("Playbook not found for project.")

    def why_not(self, project: int | None) -> str:
        """Return why no job can start with this project, or an empty text."""
        last = self._last.get(project or 0)
        if last and last["failed"]:
            return "The project revision for this job template is unknown due to a failed update."
        return ""
