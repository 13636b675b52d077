#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_operation
short_description: Wait until asynchronous operations of a cloud are over
description:
  - Waits until one or many operations have succeeded, and fails as soon as it is certain that they have not.
  - The operation itself is asked, not its resource, which can look ready before the work has begun and after it failed.
  - What heals is waited out until O(timeout), such as lost connections, throttling and errors of the server; what
    cannot heal ends the wait at once, such as refused credentials.
  - Waiting changes nothing. Run again after an interruption or a time-out, the same task goes on waiting.
  - While it waits, it shows on the screen what has changed.
extends_documentation_fragment:
  - cloudgate.operations.connection
  - cloudgate.operations.groups
  - cloudgate.operations.attributes
author:
  - cloudgate contributors (@cloudgate)
attributes:
  check_mode:
    support: full
    description: Looks once and says what it saw; it does not wait and does not fail for what is not over yet.
  diff_mode:
    support: N/A
    description: Nothing is changed.
  idempotent:
    support: full
    description: Waiting for what is over returns at once.
  async:
    support: full
    description: The whole wait is then one job on the host; no progress is shown.
options:
  operation_id:
    description:
      - The operation to wait for, if it is only one.
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - What O(operation_id) works on.
    type: str
    aliases: [server_id]
  timeout:
    description:
      - Seconds to wait at most. The last poll is at the end of it; V(0) polls once.
      - The task ends at most two seconds later. Only answers to first polls may take O(api_timeout) seconds more.
        Operations that were never read by then have the reason C(no answer yet).
      - A time-out says nothing of the operation, which goes on in the cloud.
    type: int
    default: 600
  timeout_from:
    description:
      - Whether O(timeout) counts from the start of the V(task), or from the start of each V(operation) as the API tells
        it. The latter stays the same when an interrupted task is run again.
      - With V(operation), the first answer sets the deadline, once, and never later than O(timeout) seconds after the
        first poll. A start in the future is not used, and a warning says so. If the API's clock and the clock of this
        machine differ, the clock counts that makes the operation younger.
    type: str
    choices: [task, operation]
    default: task
  delay:
    description:
      - Seconds before the first look.
    type: float
    default: 0
  poll_min:
    description:
      - Shortest delay between two looks at an operation, in seconds. It grows with the age of the operation, to about a
        tenth of it, up to O(poll_max).
      - Set both to the same value for a fixed interval.
    type: float
    default: 1.5
  poll_max:
    description:
      - Longest delay between two looks, in seconds. A longer C(Retry-After) of the API is obeyed all the same.
    type: float
    default: 60
  missing:
    description:
      - What to do about an operation that the API does not know. Nova shows the creation of a server only after the
        server was scheduled.
      - V(wait) waits for it to appear, for O(missing_grace) seconds. V(fail) does not wait.
      - An operation that is still missing then counts as failed; O(on_failure) says what follows.
    type: str
    choices: [wait, fail]
    default: wait
  missing_grace:
    description:
      - Seconds that an operation has to appear.
    type: float
    default: 60
  wait_for:
    description:
      - V(all) waits until all operations have succeeded, V(any) until the first has.
    type: str
    choices: [all, any]
    default: all
  on_failure:
    description:
      - What to do when an operation has failed or is missing. V(fail) fails at once, V(finish) waits for the others and
        then fails.
      - V(report) waits for the others and does not fail, not even on a time-out; look at RV(succeeded).
    type: str
    choices: [fail, finish, report]
    default: fail
  empty:
    description:
      - What to do when there is no operation to wait for, which is O(operations=[]), O(groups=[]), or a group without
        operations. V(fail) fails, as often a filter or a condition was wrong, and says which list is empty.
      - V(pass) succeeds without a request, for fleets in which nothing may be left to do. RV(msg) says "0 operations"
        then. In check mode an empty list always passes.
    type: str
    choices: [fail, pass]
    default: fail
  max_concurrency:
    description:
      - How many looks may be under way at the same time.
    type: int
    default: 10
  max_requests_per_second:
    description:
      - How many requests may be sent in any second, logins aside. If there are more operations than this allows to be
        polled in time, each is polled less often.
    type: float
    default: 100
  progress:
    description:
      - Whether to show on the screen how the wait goes on, V(always) or V(never). With C(no_log) and with C(async)
        nothing is shown. The lines go to standard error, so that they come at once through a pipe, too.
    type: str
    choices: [always, never]
    default: always
  progress_interval:
    description:
      - A line comes when something has changed, else after this many seconds, at least one. More than ten unfinished
        operations show at most five lines in this time.
      - On a host other than the controller, and with C(become), lines without a change come once a minute at most.
    type: float
    default: 30
seealso:
  - module: cloudgate.operations.operation_info
  - name: Role cloudgate.operations.operation_gate
    description: Takes what M(ansible.builtin.uri) registered, and gates the steps that follow.
    link: https://github.com/cloudgate/operations/blob/main/roles/operation_gate/README.md
"""

EXAMPLES = r"""
- name: Start a reboot
  ansible.builtin.uri:
    url: "{{ compute_url }}/servers/{{ server_id }}/action"
    method: POST
    headers:
      X-Auth-Token: "{{ token }}"
    body_format: json
    body:
      reboot:
        type: HARD
    status_code: 202
  register: reboot

- name: Go on when the reboot is over
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    server_id: "{{ server_id }}"
    request_id: "{{ reboot.x_compute_request_id }}"
    timeout: 300

- name: Wait for two resizes with an access key, at most an hour
  cloudgate.operations.wait_for_operation:
    provider: otc_ecs
    auth_type: aksk
    auth:
      access_key: "{{ otc_access_key }}"
      secret_key: "{{ otc_secret_key }}"
    region_name: eu-de
    operations:
      - server_id: "{{ web_server_id }}"
        request_id: "{{ web_resize.x_compute_request_id }}"
      - server_id: "{{ db_server_id }}"
        request_id: "{{ db_resize.x_compute_request_id }}"
    timeout: 3600
    on_failure: finish

- name: Wait for servers of two clouds at once, and go on when all are there
  cloudgate.operations.wait_for_operation:
    groups:
      - provider: openstack
        cloud: production
        operations:
          - server_id: "{{ server_id }}"
            request_id: "{{ reboot.x_compute_request_id }}"
      - provider: ecl_vna
        cloud: ecl
        operations:
          - resource_id: "{{ appliance_id }}"
            latest: true
    timeout: 1800
    timeout_from: operation

- name: Wait for the servers that were rebooted, if there were any
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboots | cloudgate.operations.references }}"
    empty: pass

- name: Wait for whatever was last done to a virtual network appliance
  cloudgate.operations.wait_for_operation:
    provider: ecl_vna
    cloud: ecl
    operations:
      - resource_id: "{{ appliance_id }}"
        latest: true
"""

RETURN = r"""
operations:
  description:
    - The operations in the order of the task, each with its last state, also on failure and on a time-out.
    - M(cloudgate.operations.operation_info) describes the keys of each. An operation that the API does not know has the
      state V(failed) and the key C(missing) with the value V(true).
  returned: always
  type: list
  elements: dict
  sample:
    - provider: openstack
      operation_id: req-6526fc56-b172-4f48-ae81-0cad0c60c82b
      resource_id: e39b684e-7da7-461e-8d21-37670b472b17
      resource_type: server
      type: reboot
      state: succeeded
      reason: compute_reboot_instance succeeded
      raw_status: null
      error: null
      warning: null
      started_at: "2016-11-30T01:14:52Z"
      updated_at: "2016-11-30T01:15:02Z"
      finished_at: "2016-11-30T01:15:02Z"
      duration: 10.0
      project_id: bb46ff7286ed4e418958c2a5e06cd4a2
      user_id: 1f708e1376784e529a7b09eb5ff1a5fc
      request_id: req-6526fc56-b172-4f48-ae81-0cad0c60c82b
      retries: 0
      steps:
        - name: compute_reboot_instance
          state: succeeded
          result: Success
          started_at: "2016-11-30T01:14:53Z"
          finished_at: "2016-11-30T01:15:02Z"
          duration: 9.0
          error: null
          host: null
          host_id: null
finished:
  description:
    - Whether all of them are over, also when there are none. With C(async), M(ansible.builtin.async_status) says here
      that the job is.
  returned: always
  type: bool
  sample: true
succeeded:
  description:
    - Whether all of them succeeded. With O(wait_for=any), whether one did. V(true) also when an empty list passes.
  returned: always
  type: bool
  sample: true
failed_operations:
  description: Those that failed, in brief.
  returned: always
  type: list
  elements: dict
  sample: []
pending_operations:
  description: Those that are not over, in brief.
  returned: always
  type: list
  elements: dict
  sample: []
elapsed:
  description: Seconds waited.
  returned: always
  type: float
  sample: 12.3
polls:
  description: How many looks were taken at operations.
  returned: always
  type: int
  sample: 6
requests:
  description: How many requests were sent to the API, logins aside.
  returned: always
  type: int
  sample: 8
tolerated_errors:
  description: How many errors were waited out.
  returned: always
  type: int
  sample: 0
last_error:
  description: The last of them; null if there was none.
  returned: always
  type: str
  sample: null
reauthentications:
  description: How often the token was renewed.
  returned: always
  type: int
  sample: 0
failure:
  description: Why the gate stays shut.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - V(failed) if an operation failed, V(timeout) if the time was over first, V(missing) if the API does not know
          an operation and no other failed.
        - V(input), V(auth), V(forbidden), V(throttled), V(transport) or V(protocol) for what ended the wait at once.
      returned: on failure
      type: str
      sample: timeout
    message:
      description: The same sentence as RV(msg).
      returned: on failure
      type: str
      sample: "1 of 2 operations failed: resize req-1 of server-1 is failed (compute_finish_resize failed)."
    code:
      description: The API's own code, or the HTTP status.
      returned: on failure
      type: str
      sample: "404"
    request_id:
      description: The id to give to the provider's support.
      returned: on failure
      type: str
      sample: req-4d1c3e55-9ee9-4a3f-b6a5-11f3c6a1c3c2
    operation:
      description: The first operation that it is about, in the form of RV(operations).
      returned: on failure
      type: dict
      sample: {"operation_id": "req-1", "state": "failed"}
msg:
  description: What went wrong, in one sentence. Also "0 operations" when there was nothing to wait for.
  returned: on failure, and when there was nothing to wait for
  type: str
  sample: "1 of 2 operations failed: resize req-1 of server-1 is failed (compute_finish_resize failed)."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.wait import WaitModule


def main() -> None:
    WaitModule().run(WaitModule.wait)


if __name__ == "__main__":
    main()
