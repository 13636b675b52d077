# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source cloudgate.operations.operations for ansible-rulebook."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
---
short_description: Watch asynchronous operations of a cloud
description:
  - Watches given operations, or all new operations of given resources, and emits an event for the first state of an
    operation and for each change.
  - An event has C(operation), like a result of M(cloudgate.operations.operation_info) without C(raw);
    C(previous_state), which is null in the first event of an operation; and C(meta). A redelivery after a crash has the
    same C(uuid) in C(meta).
  - Polls and verdicts are those of M(cloudgate.operations.wait_for_operation). The source logs and retries transient
    errors; any other error ends the source with one sentence.
  - An operation that disappears gets the state V(unknown), and is no longer watched.
author:
  - cloudgate contributors (@cloudgate)
options:
  provider:
    description:
      - The API that knows the operations, as in M(cloudgate.operations.wait_for_operation). Required unless O(groups)
        is set.
    type: str
  operations:
    description:
      - Operations to watch, with the keys of M(cloudgate.operations.wait_for_operation) except C(reservation_id).
    type: list
    elements: dict
  resources:
    description:
      - IDs of resources, such as servers, whose new operations are watched. An operation is new if it changed after the
        first start of the source with this O(state_file), or since O(changes_since).
      - For providers whose API lists operations.
    type: list
    elements: str
  groups:
    description:
      - Several providers or logins. Each group has O(provider), O(operations) or O(resources), and a login.
    type: list
    elements: dict
  cloud:
    description:
      - A cloud of C(clouds.yaml).
    type: str
  auth_type:
    description:
      - Kind of login; usually detected from the options.
    type: str
  auth:
    description:
      - The login, with the keys and environment variables of the modules.
    type: dict
  region_name:
    description: Region of the cloud.
    type: str
  interface:
    description: Interface of the endpoint in the service catalog.
    type: str
    choices: [public, internal, admin]
  endpoint:
    description: URL of the API, instead of the one in the service catalog.
    type: str
  allow_http:
    description: Whether a secret in a header may be sent without TLS, for provider V(custom).
    type: bool
  api_version:
    description: Version of the API.
    type: str
  service:
    description: Service of the jobs, for providers V(huaweicloud_job) and V(otc_job).
    type: str
  hyperinstance:
    description: For provider V(huaweicloud_modelarts), whether the resources are hyperinstances.
    type: bool
    default: false
  definition:
    description: The API of provider V(custom), or the name of a ready-made definition.
    type: dict
  validate_certs:
    description: Whether to verify the TLS certificates.
    type: bool
  ca_cert:
    description: File with the trusted certificate authorities.
    type: path
  client_cert:
    description: File with the client certificate.
    type: path
  client_key:
    description: File with the client certificate's private key.
    type: path
  api_timeout:
    description: Maximum time of a request in seconds, or text such as V(2m).
    type: raw
  changes_since:
    description:
      - Also emit events for operations of the O(resources) that changed since this time, before the first start.
    type: str
  resources_interval:
    description: Seconds between two lists of the operations of a resource, or text such as V(5m).
    type: raw
    default: 30
  poll_min:
    description: Shortest poll interval of an operation in seconds, or text such as V(5s).
    type: raw
    default: 1.5
  poll_max:
    description: Longest poll interval of an operation in seconds, or text such as V(2m).
    type: raw
    default: 60
  missing_grace:
    description:
      - Seconds, or text such as V(5m), within which each given operation and resource must appear. Otherwise the
        source ends.
    type: raw
    default: 60
  max_concurrency:
    description: Maximum number of polls in flight.
    type: int
    default: 10
  max_requests_per_second:
    description: Maximum number of requests per second.
    type: float
    default: 100
  state_file:
    description:
      - File of the recorded events, so that a restarted source repeats and misses none. It contains no secret. Each
        source needs its own file.
      - The source creates the file with mode 0600, and a lock file beside it whose name ends in C(.lock). It refuses
        symbolic links, so use a folder that only the source's user can write.
      - Without this file, a restarted source emits the first state of each operation again, and operations are new from
        the restart.
    type: path
  remember:
    description: Seconds until a finished operation is forgotten, or text such as V(2d); at least an hour.
    type: raw
    default: 86400
  end_when_finished:
    description:
      - End the source, and so the rulebook, when all O(operations) have finished. With O(resources) it never ends.
    type: bool
    default: false
  feedback:
    description:
      - Record an event only when the rule engine confirms it, which needs an ansible-rulebook with persistence. By
        default an event is recorded when it has left the queue.
    type: bool
    default: false
"""

EXAMPLES = r"""
- cloudgate.operations.operations:
    provider: openstack
    cloud: production
    resources:
      - fee86478-a120-488f-8359-97d200564b90
    state_file: /var/lib/eda/operations.json

- cloudgate.operations.operations:
    provider: ecl_vna
    region_name: jp5
    operations:
      - operation_id: 75aab8db-8632-42b4-af2f-06b5820798ef
    end_when_finished: true
"""

_CODE = "ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.source"


def _make_importable(source: Path) -> None:
    """Let Python find the collection of this file, because ansible-rulebook runs the file alone."""
    folder = source.absolute().parents[6]
    if folder.name != "ansible_collections":
        return  # outside of a collection tree: Python's path must have the collection
    try:
        collections = importlib.import_module("ansible_collections")
    except ImportError:
        collections = module_from_spec(ModuleSpec("ansible_collections", None, is_package=True))
        sys.modules["ansible_collections"] = collections
    if str(folder) not in collections.__path__:
        collections.__path__ = [str(folder), *collections.__path__]


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Watch until the source is canceled or all given operations have finished."""
    _make_importable(Path(__file__))
    try:
        code = importlib.import_module(_CODE)
    except ImportError as exc:
        raise ImportError(
            f"The collection cloudgate.operations cannot be imported ({exc}): install it with ansible-galaxy, and "
            "ansible-core beside ansible-rulebook."
        ) from exc
    await code.run(queue, args)
