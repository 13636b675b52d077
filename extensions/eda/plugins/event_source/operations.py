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
  - Watches operations, given ones or all new ones of given resources, and puts an event into the queue on each change
    of an operation's state, also when it is seen for the first time.
  - An event has C(operation) as the results of M(cloudgate.operations.operation_info) have it, without C(raw);
    C(previous_state), which is null at the first event of an operation; and C(meta), whose C(uuid) is the same when the
    same change is told again after a crash.
  - Operations are asked for and judged as M(cloudgate.operations.wait_for_operation) does it. An error that waiting can
    heal is logged and waited out; any other ends the source with one sentence.
  - An operation that was seen and is not found any more gets the state V(unknown), and is no longer watched.
author:
  - cloudgate contributors (@cloudgate)
options:
  provider:
    description:
      - Which API knows the operations, as in M(cloudgate.operations.wait_for_operation). Needed unless O(groups) is
        given.
    type: str
  operations:
    description:
      - Operations to watch, named by the same keys as in M(cloudgate.operations.wait_for_operation), without
        C(reservation_id).
    type: list
    elements: dict
  resources:
    description:
      - Ids of resources, such as servers, whose new operations are watched. New is what changed after the source was
        first started with this O(state_file), or at O(changes_since) or later.
      - For providers whose API lists operations.
    type: list
    elements: str
  groups:
    description:
      - Several providers or logins at once. Each has O(provider), O(operations) or O(resources), and a login.
    type: list
    elements: dict
  cloud:
    description:
      - A cloud of C(clouds.yaml).
    type: str
  auth_type:
    description:
      - Kind of login; usually found from what is given.
    type: str
  auth:
    description:
      - The login, with the same keys as in the modules. The modules' environment variables are read, too.
    type: dict
  region_name:
    description: Region of the cloud.
    type: str
  interface:
    description: Which endpoint of the service catalog.
    type: str
    choices: [public, internal, admin]
  endpoint:
    description: URL of the API, in place of the one in the service catalog.
    type: str
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
    description: The API of provider V(custom).
    type: dict
  validate_certs:
    description: Whether to check the certificates of the cloud.
    type: bool
  ca_cert:
    description: File of the authorities to trust.
    type: path
  client_cert:
    description: File of a client certificate.
    type: path
  client_key:
    description: File of its key.
    type: path
  api_timeout:
    description: Seconds in which a request must have its whole answer.
    type: int
  changes_since:
    description:
      - Of the O(resources), tell also what has changed at this time or later, before the source was first started.
    type: str
  resources_interval:
    description: Seconds between two lists of the operations of a resource.
    type: float
    default: 30
  poll_min:
    description: Least seconds between two looks at an operation.
    type: float
    default: 1.5
  poll_max:
    description: Most seconds between two looks at an operation.
    type: float
    default: 60
  missing_grace:
    description:
      - Seconds that an operation or a resource has to appear. What was given and does not appear ends the source.
    type: float
    default: 60
  max_concurrency:
    description: Most looks at the same time.
    type: int
    default: 10
  max_requests_per_second:
    description: Most requests to the clouds.
    type: float
    default: 100
  state_file:
    description:
      - File of what was told, so that a source that is started again tells nothing twice and misses nothing. It holds
        no secret. Each source needs its own.
      - The source creates it with mode 0600, and a lock file beside it whose name ends in C(.lock). It follows no
        symbolic link in place of either, so put it into a folder that only the source's user can write.
      - Without it, a source that is started again tells all it finds once more, and new is what changes from then on.
    type: path
  remember:
    description: Seconds for which an operation that is over is remembered; at least an hour.
    type: float
    default: 86400
  end_when_finished:
    description:
      - End the source, and so the rulebook, when all O(operations) are over. With O(resources) it never ends.
    type: bool
    default: false
  feedback:
    description:
      - Note a change as told only when the rule engine says that it has the event. For an ansible-rulebook with
        persistence; without it, a change is noted when the event has left the queue.
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
    """Let Python find the collection that this file is part of: ansible-rulebook runs the file, and nothing else."""
    folder = source.absolute().parents[6]
    if folder.name != "ansible_collections":
        return  # run from elsewhere: the collection has to be on Python's path
    try:
        collections = importlib.import_module("ansible_collections")
    except ImportError:
        collections = module_from_spec(ModuleSpec("ansible_collections", None, is_package=True))
        sys.modules["ansible_collections"] = collections
    if str(folder) not in collections.__path__:
        collections.__path__ = [str(folder), *collections.__path__]


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Watch, until the source is cancelled or all that was given is over."""
    _make_importable(Path(__file__))
    try:
        code = importlib.import_module(_CODE)
    except ImportError as exc:
        raise ImportError(
            f"The collection cloudgate.operations cannot be imported ({exc}): install it with ansible-galaxy, and "
            "ansible-core beside ansible-rulebook."
        ) from exc
    await code.run(queue, args)
