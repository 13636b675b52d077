# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud and Open Telekom Cloud, as each of their services shows them.

Fields and status values are those of the vendors' SDKs (huaweicloud-sdk-python-v3, otcextensions, gophertelekomcloud)
and API references. Private to this collection.
"""

from __future__ import annotations

import dataclasses

from .description import Description, StepFields, words

_UNPAID = "its order is not paid; pay it, then wait again"
_UNAUTHORIZED = "the cloud waits until somebody authorizes it"
_CANCELED = "it was canceled"
_JOB_STEPS = StepFields(
    items="entities.sub_jobs",
    name="job_type || image_id",
    error="entities.errorcode_message || fail_reason || error_msg",
    started_at="begin_time",
    finished_at="end_time",
)

SERVERS = Description(
    show_path="jobs/{operation_id}",
    missing_codes=("Common.0011", "EVS.5404"),  # with HTTP 400
    operation_id="job_id",
    resource_id=(
        "entities.server_id || entities.volume_id || entities.image_id || entities.nic_id || entities.server_group_id"
        " || entities.protected_instance_id || entities.replication_pair_id"
    ),
    type="job_type",
    state="status",
    states=words(
        pending={"INIT": ""},
        running={"RUNNING": ""},
        succeeded={"SUCCESS": ""},
        failed={"FAIL": "", "FAILED": "", "PENDING_PAYMENT": _UNPAID},  # FAILED: results of an image job
    ),
    error_message="fail_reason || entities.errorcode_message",
    error_code="error_code",
    detail="entities.error",
    started_at="begin_time",
    finished_at="end_time",
    steps=_JOB_STEPS,
)

DATABASES = Description(
    show_path="jobs?id={operation_id}",
    root="job",
    items="jobs",  # GeminiDB answers with a list of one job
    missing_codes=("DBS.200543",),  # with HTTP 400
    resource_id="instance.id",
    type="name",
    state="status",
    states=words(
        pending={"Pending": "", "Unauthorized": _UNAUTHORIZED},
        running={"Running": ""},
        succeeded={"Completed": ""},
        failed={"Failed": "", "Canceled": _CANCELED},
    ),
    error_message="fail_reason",
    started_at="created || start_time || created_time",
    finished_at="ended || end_time",
)

DISTRIBUTED_DATABASES = dataclasses.replace(DATABASES, show_path="jobs/{operation_id}")

CLUSTERS = Description(
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
)

LOAD_BALANCERS = Description(
    show_path="elb/jobs/{operation_id}",
    root="job",
    operation_id="job_id",
    resource_id="resource_id",
    type="job_type",
    state="status",
    states=words(
        pending={"INIT": ""},
        running={"RUNNING": "", "ROLLBACKING": "the cloud undoes it"},
        succeeded={"SUCCESS": "", "COMPLETE": ""},
        failed={"FAIL": "", "ROLLBACK_FAIL": "the cloud could not undo it", "CANCEL": _CANCELED},
    ),
    error_message="error_msg",
    error_code="error_code",
    started_at="begin_time",
    finished_at="end_time",
    steps=dataclasses.replace(_JOB_STEPS, items="sub_jobs"),
)

SHARED_FILE_SYSTEMS = dataclasses.replace(
    SERVERS,
    show_path="sfs-turbo/jobs/{operation_id}",
    states=words(pending={"waiting": ""}, running={"running": ""}, succeeded={"success": ""}, failed={"failed": ""}),
    resource_id="",
    steps=dataclasses.replace(_JOB_STEPS, items="sub_jobs"),
)

WAREHOUSES = dataclasses.replace(
    SERVERS,
    show_path="job/{operation_id}",
    resource_id="",
    type="job_name",
    states=words(
        pending={"INIT": "", "WAITING": "", "DELAY_SCHEDULED": ""},
        running={"RUNNING": ""},
        succeeded={"SUCCESS": ""},
        failed={"FAIL": "", "STOP": "it was stopped"},
    ),
    error_message="failed_detail",
    error_code="failed_code",
    steps=None,
)

PHONES = dataclasses.replace(
    SERVERS,
    show_path="cloud-phone/jobs/{operation_id}",
    resource_id="phone_id || server_id",
    type="",
    states=words(running={"1": ""}, succeeded={"2": ""}, failed={"-1": ""}),
    error_message="",
    error_code="",
    detail="error_msg",
    steps=None,
)
