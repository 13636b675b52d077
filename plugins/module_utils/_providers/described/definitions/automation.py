# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made definitions of automation, from its documents and source. The keys are those of the option C(definition).

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict

Definitions = Dict[str, Dict[str, Any]]

_AWX_STATES = {
    "pending": ["new", "pending", "waiting"],
    "running": ["running"],
    "succeeded": ["successful"],
    "failed": ["failed", "error", "canceled"],
}
_AWX_FAILED = "(failed || contains(result_traceback || '', 'Traceback'))"
_AWX = {
    "items": "results",
    "id": "id",
    "resource_id": "unified_job_template",
    "type": "name",
    "state": f"status == 'successful' && {_AWX_FAILED} && 'failed' || status",
    "states": _AWX_STATES,
    "detail": "job_explanation || result_traceback",
    "started_at": "started || created",
    "finished_at": "finished",
}
_GITLAB_WAITING = ["created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending"]
_GITLAB = {
    "id": "id",
    "state": "status",
    "states": {
        "pending": [*_GITLAB_WAITING, "manual", "scheduled"],  # the last two wait for a person or a time
        "running": ["running", "canceling"],
        "succeeded": ["success"],
        "failed": ["failed", "canceled", "skipped"],
    },
    "started_at": "started_at || created_at",
    "finished_at": "finished_at",
    "login": {"header": "PRIVATE-TOKEN"},
}
_BUILD = {
    "state": "building && 'building' || result",
    "states": {
        "running": ["building"],
        "succeeded": ["SUCCESS"],
        "failed": ["UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"],
        "absent": "running",
    },
    "id": "id",
    "type": "fullDisplayName",
    "started_at": "timestamp",
}

AUTOMATION: Definitions = {
    "awx_job": {
        "show": "/api/v2/jobs/{operation_id}/",
        "batch": "/api/v2/jobs/?id__in={operation_ids}&page_size=200",
        "list": "/api/v2/jobs/?unified_job_template={resource_id}&order_by=-id&page_size=200",
        **_AWX,
    },
    "awx_workflow": {
        "show": "/api/v2/workflow_jobs/{operation_id}/",
        "batch": "/api/v2/workflow_jobs/?id__in={operation_ids}&page_size=200",
        "list": "/api/v2/workflow_jobs/?unified_job_template={resource_id}&order_by=-id&page_size=200",
        **_AWX,
        "steps": {  # a workflow is successful although nodes failed, if their failure paths ran
            "path": "/api/v2/workflow_jobs/{operation_id}/workflow_nodes/?page_size=200",
            "items": "results",
            "next": "next",
            "name": "summary_fields.job.name || summary_fields.unified_job_template.name || identifier",
            "state": "summary_fields.job.status",
        },
    },
    "gitlab_job": {
        "show": "/api/v4/projects/{resource_id}/jobs/{operation_id}",
        "type": "name",
        "detail": "failure_reason",
        **_GITLAB,
    },
    "gitlab_pipeline": {  # resource_id is the project: its ID, or its path with %2F
        "show": "/api/v4/projects/{resource_id}/pipelines/{operation_id}",
        "list": "/api/v4/projects/{resource_id}/pipelines?order_by=id&per_page=100",
        "items": "@",
        "type": "source",
        "error_message": "yaml_errors",
        **_GITLAB,
    },
    "jenkins": {  # a queue item, which becomes a build
        "show": "/queue/item/{operation_id}/api/json",
        "link_path": "api/json",
        "state": "cancelled&&'cancelled'||executable.url&&'started'||'waiting'",
        "states": {"pending": ["waiting"], "succeeded": ["started"], "failed": ["cancelled"]},
        "detail": "why",
        "follow": {
            "link": "executable.url",
            "path": "api/json",
            "definition": {name: value for name, value in _BUILD.items() if name != "id"},
        },
    },
    "jenkins_build": {  # resource_id is the job; a job in folders is folder/job/name
        "show": "/job/{resource_id}/{operation_id}/api/json",
        "link_path": "api/json",
        **_BUILD,
    },
}
