# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made definitions of clouds, from their documents and SDKs. The keys are those of the option C(definition).

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict

Definitions = Dict[str, Dict[str, Any]]

_AZURE_ERROR = {"error_message": "error.message", "error_code": "error.code"}
_AZURE_WORDS = {"running": ["*"], "succeeded": ["Succeeded"], "failed": ["Failed", "Canceled"]}
_LINODE_FILTER = '{"entity.id": {resource_id}, "entity.type": "linode", "+order_by": "created", "+order": "desc"}'

CLOUDS: Definitions = {
    "azure": {  # the URL in Azure-AsyncOperation or Operation-Location
        "state": "status",
        "states": _AZURE_WORDS,
        "percent": "percentComplete",
        "started_at": "startTime",
        "finished_at": "endTime",
        **_AZURE_ERROR,
    },
    "azure_location": {  # the URL in Location, which may change with each poll
        "moved_to": "header:Location",
        "states": {"running": [202], "succeeded": [200, 201, 204], "failed": [400, 409, 410, 412, 422, 424]},
        **_AZURE_ERROR,
    },
    "azure_resource": {  # the URL of the resource; without a state, it exists
        "id": "id",
        "resource_id": "id",
        "type": "type",
        "state": "properties.provisioningState",
        "states": dict(_AZURE_WORDS, absent="succeeded"),
    },
    "digitalocean": {
        "show": "/v2/actions/{operation_id}",
        "root": "action",
        "list": "/v2/droplets/{resource_id}/actions?per_page=200",
        "items": "actions",
        "next": "links.pages.next",
        "id": "id",
        "resource_id": "resource_id",
        "type": "type",
        "state": "status",
        "states": {"running": ["in-progress"], "succeeded": ["completed"], "failed": ["errored"]},
        "started_at": "started_at",
        "finished_at": "completed_at",
    },
    "google": {  # google.longrunning
        "show": "/v1/{operation_id}",
        "list": "/v1/{resource_id}/operations?pageSize=100",
        "items": "operations",
        "next": "nextPageToken",
        "next_parameter": "pageToken",
        "id": "name",
        "type": "metadata.verb",
        "state": "done == `true` && (error && 'failed' || response != `null` && 'done' || 'no result') || 'running'",
        "states": {"running": ["running"], "succeeded": ["done"], "failed": ["failed", "no result"]},
        "percent": "metadata.progressPercent || metadata.progressPercentage",
        "started_at": "metadata.createTime",
        "finished_at": "metadata.endTime",
        **_AZURE_ERROR,
    },
    "google_compute": {  # resource_id is the project and the place: my-project/zones/europe-west1-b
        "show": "/projects/{resource_id}/operations/{operation_id}",
        "list": "/projects/{resource_id}/operations?orderBy=creationTimestamp%20desc&maxResults=500",
        "items": "items",
        "id": "name",
        "type": "operationType",
        "state": "status == 'DONE' && ((error || httpErrorStatusCode) && 'failed' || 'DONE') || status",
        "states": {"pending": ["PENDING"], "running": ["RUNNING"], "succeeded": ["DONE"], "failed": ["failed"]},
        "error_message": "error.errors[0].message || httpErrorMessage",
        "error_code": "error.errors[0].code",
        "warning": "warnings[].message",
        "percent": "progress",
        "started_at": "startTime || insertTime",
        "finished_at": "endTime",
    },
    "hetzner": {
        "show": "/actions/{operation_id}",
        "root": "action",
        "batch": "/actions?id={operation_id}&per_page=50",
        "list": "/servers/{resource_id}/actions?sort=started:desc&per_page=50",
        "items": "actions",
        "next": "meta.pagination.next_page",
        "next_parameter": "page",
        "id": "id",
        "type": "command",
        "state": "status",
        "states": {"running": ["running"], "succeeded": ["success"], "failed": ["error"]},
        "percent": "progress",
        "started_at": "started",
        "finished_at": "finished",
        **_AZURE_ERROR,
    },
    "ionos": {  # the answer's id ends in /status, so it is not compared
        "show": "/requests/{operation_id}/status",
        "state": "metadata.status",
        "states": {"pending": ["QUEUED"], "running": ["RUNNING"], "succeeded": ["DONE"], "failed": ["FAILED"]},
        "detail": "metadata.message",
        "steps": {"items": "metadata.targets", "name": "target.id", "state": "status"},
    },
    "linode": {  # events; an answer names none, so the latest one of the Linode counts
        "show": "/account/events/{operation_id}",
        "list": "/account/events?page_size=100",
        "items": "data",
        "headers": {"X-Filter": _LINODE_FILTER},
        "id": "id",
        "resource_id": "entity.id",
        "type": "action",
        "state": "status",
        "states": {
            "pending": ["scheduled"],
            "running": ["started"],
            "succeeded": ["finished", "notification"],
            "failed": ["failed"],
        },
        "detail": "message",
        "percent": "percent_complete",
        "started_at": "created",
        "finished_at": "complete_time",
    },
    "ovh": {  # tasks of a dedicated server
        "show": "/dedicated/server/{resource_id}/task/{operation_id}",
        "id": "taskId",
        "type": "function",
        "state": "status",
        "states": {"pending": ["init", "todo"], "running": ["doing"], "succeeded": ["done"], "failed": ["*"]},
        "detail": "comment",
        "started_at": "startDate",
        "updated_at": "lastUpdate",
        "finished_at": "doneDate",
    },
}
