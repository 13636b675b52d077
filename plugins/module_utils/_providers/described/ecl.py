# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of NTT ECL: Virtual Network Appliances, and Managed Load Balancers.

Private to this collection.
"""

from __future__ import annotations

import dataclasses

from .description import Description, words

VNA = Description(
    show_path="operations/{operation_id}",
    list_path="operations?resource_id={resource_id}",  # the API does not page
    batch=True,
    find_path="operations?request_id={client_request_id}",
    root="operation",
    items="operations",
    filters=("request_id", "request_type", "resource_type", "status", "tenant_id", "no_deleted", "latest"),
    state="status",
    states=words(  # the API writes them in capitals or in title case
        running={"PROCESSING": ""},
        succeeded={"COMPLETE": ""},
        failed={
            "ERROR": "the request may be sent again",
            "STUCK": "it stopped midway and needs the provider's support; the resource refuses further requests",
        },
    ),
    resource_id="resource_id",
    resource_type="resource_type",
    type="request_type",
    error_message="error",
    warning="warning",
    started_at="reception_datetime",
    finished_at="commit_datetime",
    request_id="request_id",
    project_id="tenant_id",
)

MLB = dataclasses.replace(VNA, type="request_types")  # one request can ask a load balancer for several things
