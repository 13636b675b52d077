# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud and Open Telekom Cloud: of servers (and services with the same path), databases, clusters.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Dict, NamedTuple, Tuple

from ..._model.errors import InputError
from .description import Description, StepFields, words

_SERVICE = re.compile(r"[a-z][a-z0-9-]{0,40}", re.ASCII)
_UNPAID = "its order is not paid; pay it, then wait again"


class JobApi(NamedTuple):
    """An API of jobs. base: path of all URLs."""

    description: Description
    version: str
    base: str

    def service_types(self, service: str) -> Tuple[str, ...]:
        """Return the possible types of a service in the catalog; they differ between regions."""
        return _IN_CATALOG.get(service, (service, service + self.version))


SERVERS = JobApi(
    Description(
        show_path="jobs/{operation_id}",
        missing_codes=("Common.0011", "EVS.5404"),  # with HTTP 400
        operation_id="job_id",
        resource_id="entities.server_id || entities.volume_id || entities.image_id || entities.nic_id",
        type="job_type",
        state="status",
        states=words(
            pending={"INIT": ""},
            running={"RUNNING": ""},
            succeeded={"SUCCESS": ""},
            failed={"FAIL": "", "PENDING_PAYMENT": _UNPAID},
        ),
        error_message="fail_reason || entities.errorcode_message",
        error_code="error_code",
        started_at="begin_time",
        finished_at="end_time",
        steps=StepFields(
            items="entities.sub_jobs",
            name="job_type",
            error="entities.errorcode_message || fail_reason",
            started_at="begin_time",
            finished_at="end_time",
        ),
    ),
    version="v1",
    base="v1/{project_id}",
)

DATABASES = JobApi(
    Description(
        show_path="jobs?id={operation_id}",
        root="job",
        resource_id="instance.id",
        type="name",
        state="status",
        states=words(running={"Running": ""}, succeeded={"Completed": ""}, failed={"Failed": ""}),
        error_message="fail_reason",
        started_at="created",
        finished_at="ended",
    ),
    version="v3",
    base="v3/{project_id}",
)

CLUSTERS = JobApi(
    Description(
        show_path="jobs/{operation_id}",
        operation_id="metadata.uid",
        resource_id="spec.resourceID || spec.clusterUID",
        type="spec.type",
        state="status.phase",
        states=words(
            pending={"Initializing": ""}, running={"Running": ""}, succeeded={"Success": ""}, failed={"Failed": ""}
        ),
        detail="status.reason",
        started_at="metadata.creationTimestamp",
        updated_at="metadata.updateTimestamp",
        steps=StepFields(
            items="spec.subJobs",
            name="spec.type",
            state="status.phase",
            error="status.reason",
            started_at="metadata.creationTimestamp",
        ),
    ),
    version="v3",
    base="api/v3/projects/{project_id}",
)

# Services whose jobs differ from those of servers.
SERVICES: Dict[str, JobApi] = {
    "cce": CLUSTERS,
    "dds": DATABASES,
    "gaussdb": DATABASES,
    "gaussdb-nosql": DATABASES,
    "gaussdb-opengauss": DATABASES,
    "rds": DATABASES,
}
_IN_CATALOG = {"cce": ("ccev2.0", "cce"), "ims": ("imsv1", "ims")}


def job_api(service: str) -> JobApi:
    """Return the job API of a service. Raises InputError for an invalid name."""
    if not _SERVICE.fullmatch(service):
        raise InputError(f"service must be the first part of the host's name, such as ecs or rds, not {service!r}.")
    return SERVICES.get(service, SERVERS)
