# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs of automation. Those of GitLab and Jenkins do not judge, so tables do, by the meaning in their source."""

from __future__ import annotations

from typing import Any, ClassVar

import gitlab
import jenkins
from awxkit.api import Page, TentativePage
from awxkit.api.client import Connection
from awxkit.api.mixins.has_status import HasStatus
from definition_oracles.oracle import BASIC, BEARER, FAILED, PASSWORD, RUNNING, SECRET, SUCCEEDED, USER, Case, Oracle
from scripted import Answer


def _awx(kind: str, status: str, state: str, name: str = "", **more: Any) -> Case:
    body = {"id": 15, "type": kind, "url": f"/api/v2/{kind}s/15/", "name": "Deploy", "unified_job_template": 7,
            "failed": status in ("failed", "error", "canceled"), "job_explanation": "", "result_traceback": "",
            "created": "2026-11-21T08:29:00.1Z", "started": None, "finished": None, "status": status}  # fmt: skip
    return Case(name or status, {**body, **more}, state)


def _awx_cases(kind: str) -> tuple[Case, ...]:
    going_on = ("new", "pending", "waiting", "running")
    ended = [word for word in HasStatus.completed_statuses if word != "successful"]
    return (
        *(_awx(kind, word, RUNNING) for word in going_on),
        *(_awx(kind, word, FAILED) for word in ended),
        _awx(kind, "successful", SUCCEEDED),
        _awx(kind, "successful", FAILED, "successful and failed", failed=True),
    )


class AwxJob(Oracle):
    definition = "awx_job"
    login = BEARER
    kind = "job"
    cases = (
        *_awx_cases("job"),
        _awx("job", "successful", FAILED, "successful with a traceback", result_traceback="Traceback (most recent…"),
    )

    def started(self) -> Answer:
        return 201, {}, {**self.cases[0].body, self.kind: 15, "ignored_fields": {}}

    def start(self) -> None:
        connection = Connection(self.url, verify=False)
        connection.login(token=SECRET)
        launched = TentativePage(f"/api/v2/{self.kind}_templates/7/launch/", connection).post({})
        self._job = TentativePage(launched.url.endpoint, connection)

    def verdict(self) -> str:
        page: Page = self._job.get()
        return (SUCCEEDED if page.is_successful else FAILED) if page.is_completed else RUNNING


class AwxWorkflow(AwxJob):
    definition = "awx_workflow"
    kind = "workflow_job"
    login = BASIC
    cases = _awx_cases("workflow_job")

    def start(self) -> None:
        connection = Connection(self.url, verify=False)
        connection.login(USER, PASSWORD)
        launched = TentativePage("/api/v2/workflow_job_templates/7/launch/", connection).post({})
        self._job = TentativePage(launched.url.endpoint, connection)
        self._nodes = TentativePage(f"{launched.url.endpoint}workflow_nodes/", connection)

    def script(self, *cases: Case) -> None:
        super().script(*cases)
        nodes = {"count": 0, "next": None, "previous": None, "results": []}
        self.api.answers["GET /api/v2/workflow_jobs/15/workflow_nodes/?page_size=200"] = [(200, {}, nodes)]

    def verdict(self) -> str:
        """Read the nodes as well, as the definition does once the workflow is finished."""
        state = super().verdict()
        if state != RUNNING:
            self._nodes.get(page_size=200)
        return state


# COMPLETED_STATUSES in app/models/concerns/ci/has_status.rb of GitLab; any other word means running.
PIPELINE_ENDED = {"success": SUCCEEDED, "failed": FAILED, "canceled": FAILED, "skipped": FAILED}
PIPELINE_GOES_ON = ("created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running",
                    "canceling", "manual", "scheduled")  # fmt: skip


def _gitlab_cases(web: str) -> tuple[Case, ...]:
    body = {"id": 61, "project_id": 5, "created_at": "2026-11-21T08:30:00.000Z", "started_at": None,
            "web_url": f"https://gitlab.example.com/group/project/-/{web}/61"}  # fmt: skip
    words = {**PIPELINE_ENDED, **dict.fromkeys(PIPELINE_GOES_ON, RUNNING)}
    return tuple(Case(word, {**body, "status": word}, state) for word, state in words.items())


class GitlabPipeline(Oracle):
    definition = "gitlab_pipeline"
    login: ClassVar[dict[str, Any]] = {"auth_type": "header", "auth": {"token": SECRET}}
    credential = "PRIVATE-TOKEN"
    given: ClassVar[dict[str, Any]] = {"resource_id": "group%2Fproject"}
    cases = _gitlab_cases("pipelines")

    def started(self) -> Answer:
        return 201, {}, self.cases[-1].body

    def start(self) -> None:
        self._project = gitlab.Gitlab(self.url, private_token=SECRET).projects.get("group/project", lazy=True)
        self._pipeline = self._project.pipelines.create({"ref": "main"})

    def verdict(self) -> str:
        self._pipeline.refresh()
        return PIPELINE_ENDED.get(self._pipeline.status, RUNNING)


class GitlabJob(GitlabPipeline):
    definition = "gitlab_job"
    cases = _gitlab_cases("jobs")

    def start(self) -> None:
        project = gitlab.Gitlab(self.url, private_token=SECRET).projects.get("group/project", lazy=True)
        project.jobs.get(61, lazy=True).retry()
        self._project = project

    def verdict(self) -> str:
        return PIPELINE_ENDED.get(self._project.jobs.get(61).status, RUNNING)


# hudson/model/Result.java of Jenkins; null while the build runs.
RESULTS = {"SUCCESS": SUCCEEDED, "UNSTABLE": FAILED, "FAILURE": FAILED, "NOT_BUILT": FAILED, "ABORTED": FAILED}


class JenkinsBuild(Oracle):
    definition = "jenkins_build"
    login = BASIC
    unlike = frozenset(("depth",))
    cases = (
        Case("building", {"id": "7", "number": 7, "building": True, "result": None}, RUNNING),
        Case("result before the end", {"id": "7", "number": 7, "building": True, "result": "SUCCESS"}, RUNNING),
        *(Case(word, {"id": "7", "building": False, "result": word}, state) for word, state in RESULTS.items()),
    )

    def started(self) -> Answer:
        return 201, {"Location": f"{self.url}/queue/item/25/"}, None

    def start(self) -> None:
        self.api.answers["GET /crumbIssuer/api/json"] = [(404, {}, None)]
        self._jenkins = jenkins.Jenkins(self.url, USER, PASSWORD)
        self._number = self._jenkins.build_job("folder/name")

    def references(self) -> list[dict[str, Any]]:
        return [{"operation_id": "7", "resource_id": "folder/job/name"}]

    def verdict(self) -> str:
        build = self._jenkins.get_build_info("folder/name", 7)
        return RUNNING if build["building"] else RESULTS[build["result"]]


class Jenkins(JenkinsBuild):
    """A queue item, until the build begins. Another test follows it into the build."""

    definition = "jenkins"
    references = Oracle.references
    cases = (
        Case("waiting", {"id": 25, "why": "Waiting for next available executor", "executable": None}, RUNNING),
        Case("left", {"id": 25, "why": None, "executable": None}, RUNNING),
        Case("cancelled", {"id": 25, "cancelled": True, "executable": None}, FAILED),
    )

    def verdict(self) -> str:
        item = self._jenkins.get_queue_item(self._number)
        if item.get("cancelled"):
            return FAILED
        executable = item.get("executable")
        if not executable:
            return RUNNING
        build = self._jenkins.get_build_info("folder/name", executable["number"])
        return RUNNING if build["building"] else RESULTS[build["result"]]
