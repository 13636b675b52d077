#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_operation
short_description: Wait until asynchronous operations of a cloud succeed
description:
  - Wait until operations succeed. Fail as soon as one cannot.
  - The module polls the operation itself, not its resource. A resource can show the wanted status before the work
    starts and after the work failed.
  - Transient errors are retried until O(timeout), for example lost connections, throttling and server errors.
    Permanent errors fail the task immediately, for example refused credentials.
  - Waiting changes nothing. After an interruption or a timeout, run the task again to keep waiting.
  - The module shows its progress on the screen.
extends_documentation_fragment:
  - cloudgate.operations.connection
  - cloudgate.operations.groups
  - cloudgate.operations.server
  - cloudgate.operations.attributes
author:
  - cloudgate contributors (@cloudgate)
attributes:
  check_mode:
    support: full
    description: The module polls once and returns the states. Unfinished operations do not fail the task.
  diff_mode:
    support: N/A
    description: Nothing is changed.
  idempotent:
    support: full
    description: The module returns at once if all operations are finished.
  async:
    support: full
    description: The whole wait is one job on the host and shows no progress.
options:
  operation_id:
    description:
      - ID of the operation, to wait for a single one.
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - ID of the resource that O(operation_id) or O(latest) belongs to, for example a server.
      - With O(operations), the resource of the entries that give only an operation ID.
    type: str
    aliases: [server_id]
  latest:
    description:
      - Wait for the latest operation of O(resource_id), if you have no operation ID. Set O(since) as well. Without
        O(since), an earlier operation may match.
    type: bool
  after:
    description:
      - Registered result of M(cloudgate.operations.operation_info) for a resource, from before the work started. The
        result of a loop and a list of results are accepted as well.
      - The module waits for the operations that started on these resources since then, whichever module started them.
        Each resource must show a new operation within O(missing_grace) seconds. The first poll that shows new ones
        decides which operations count. The module ignores older ones and ones that appear later.
      - The API's times and IDs decide which operations are new.
      - With O(operations) or O(groups), it applies to the entries that name only a resource.
    type: raw
  action:
    description:
      - With O(latest) or O(after), the type of the operation, such as V(reboot). By default, any type matches.
      - With O(operation_id) of a server, the type of the request, V(delete) or V(create).
      - With O(operations) or O(groups), it applies to the entries that name only a resource.
    type: str
  since:
    description:
      - With O(latest), only operations that started at this time or later match. ISO 8601. A time without a zone is
        UTC.
      - With O(operations) or O(groups), it applies to the entries that name only a resource.
    type: str
  verify:
    description:
      - Status that the server must have after the operation succeeded, for example V(ACTIVE). With any other status,
        the operation counts as failed.
      - With O(operations) or O(groups), it applies to every server. Within a group, C(verify) is an alias of
        C(validate_certs).
    type: str
  validate_certs:
    description:
      - Whether to verify TLS certificates, V(true) by default. E(OS_INSECURE) disables verification, except for
        O(cloud) and for the values V(bearer), V(basic) and V(none) of O(auth_type).
      - In this module, O(verify) is a different option.
    type: bool
    aliases: []
  timeout:
    description:
      - Maximum time to wait, in seconds or as text with units, such as V(90s), V(10m), V(1h30m) or V(1d). All options
        that take seconds accept both. The last poll is at the end of this time. V(0) polls once.
      - The task ends at most two seconds later. First polls may take O(api_timeout) seconds more. Operations that were
        never read by then have the reason C(no answer yet).
      - After a timeout, the operation may still be running in the cloud.
    type: raw
    default: 600
  timeout_from:
    description:
      - Whether O(timeout) counts from the start of the V(task) or of each V(operation), as the API gives it. With
        V(operation), the deadline stays the same if you run an interrupted task again.
      - With V(operation), the first response sets the deadline, at most O(timeout) seconds after the first poll. The
        module ignores a start in the future and warns. If the clocks of the API and of this machine differ, the module
        uses the clock that makes the operation younger.
    type: str
    choices: [task, operation]
    default: task
  delay:
    description:
      - Time before the first poll, in seconds or as text such as V(30s).
    type: raw
    default: 0
  poll_min:
    description:
      - Shortest interval between two polls of an operation, in seconds or as text such as V(5s). The interval grows to
        about a tenth of the operation's age, up to O(poll_max).
      - Set both options to the same value for a fixed interval.
    type: raw
    default: 1.5
  poll_max:
    description:
      - Longest interval between two polls of an operation, in seconds or as text such as V(2m). A longer
        C(Retry-After) of the API takes precedence.
    type: raw
    default: 60
  missing:
    description:
      - What to do if the API does not know an operation. Nova shows the creation of a server only after it scheduled
        the server.
      - V(wait) waits O(missing_grace) seconds for the operation to appear. V(fail) does not wait.
      - An operation that is still missing then counts as failed, and O(on_failure) applies.
    type: str
    choices: [wait, fail]
    default: wait
  missing_grace:
    description:
      - Time for a missing operation to appear, in seconds or as text such as V(5m).
    type: raw
    default: 60
  connect_grace:
    description:
      - Time until the task fails if the host name does not resolve or the TLS handshake is cut off, in seconds or as
        text such as V(5m).
      - After the first response, and for all other transient errors, only O(timeout) applies.
    type: raw
    default: 60
  wait_for:
    description:
      - V(all) waits until all operations succeed, V(any) until the first one succeeds.
    type: str
    choices: [all, any]
    default: all
  on_failure:
    description:
      - What to do if an operation fails or is missing. V(fail) fails at once. V(finish) waits for the other operations
        and then fails.
      - V(report) waits for the other operations and does not fail, even on a timeout. Then check RV(succeeded).
        V(warn) does the same.
    type: str
    choices: [fail, finish, report, warn]
    default: fail
  empty:
    description:
      - What to do if there is no operation, with O(operations=[]), O(groups=[]), or a group without operations.
        V(fail) fails and names the empty list. Often a filter or a condition is wrong.
      - V(pass) succeeds without a request. Use it if there may be nothing to do. RV(msg) then begins with
        "0 operations". In check mode an empty list always passes.
    type: str
    choices: [fail, pass]
    default: fail
  max_concurrency:
    description:
      - Maximum number of polls in flight.
    type: int
    default: 10
  max_requests_per_second:
    description:
      - Maximum number of requests per second, without logins. If this is too low for the number of operations, each
        operation is polled less often.
    type: float
    default: 100
  progress:
    description:
      - Whether to show progress on the screen. C(no_log) and C(async) hide it. The lines go to standard error, so a
        pipe does not delay them.
    type: str
    choices: [always, never]
    default: always
  progress_interval:
    description:
      - Time until a progress line if nothing changes, in seconds (at least 1) or as text such as V(1m). Changes are
        shown at once. With more than ten unfinished operations, at most five lines are shown in this time.
      - On hosts other than the controller, and with C(become), a line without a change is shown at most once a minute.
    type: raw
    default: 30
seealso:
  - module: cloudgate.operations.operation_info
  - name: Role cloudgate.operations.operation_gate
    description: Waits for the operations that M(ansible.builtin.uri) started, and stops the play if one fails.
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
  no_log: true

- name: Wait for the reboot
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboot | cloudgate.operations.references }}"
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
    timeout: 1h
    on_failure: finish

- name: Wait for operations of two clouds
  cloudgate.operations.wait_for_operation:
    groups:
      - provider: openstack
        cloud: production
        operations: "{{ reboot | cloudgate.operations.references }}"
      - provider: ecl_vna
        cloud: ecl
        operations:
          - resource_id: "{{ appliance_id }}"
            latest: true
    timeout: 30m
    timeout_from: operation

- name: Record the operations that the server has so far
  cloudgate.operations.operation_info:
    provider: openstack
    cloud: production
    server_id: "{{ server_id }}"
  register: before

- name: Start a reboot with any module, even one that returns no request ID
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
  no_log: true

- name: Wait for the operations that started since
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    after: "{{ before }}"

- name: Wait for the servers that were rebooted in a loop, if there were any
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboots }}"
    verify: ACTIVE
    empty: pass

- name: Wait for two requests to one server
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    server_id: "{{ server_id }}"
    operations: "{{ [stop, start] | map(attribute='x_compute_request_id') }}"

- name: Wait for the reboot that started after a given time
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    server_id: "{{ server_id }}"
    latest: true
    action: reboot
    since: "{{ begun }}"

- name: Wait for the latest operation of a virtual network appliance
  cloudgate.operations.wait_for_operation:
    provider: ecl_vna
    cloud: ecl
    resource_id: "{{ appliance_id }}"
    latest: true
"""

RETURN = r"""
operations:
  description:
    - The operations in the order of the task, each with its last known state. Also returned on failure and on timeout.
    - M(cloudgate.operations.operation_info) describes the keys. An operation that the API does not know has the state
      V(failed) and C(missing=true).
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
    - Whether all operations are finished. V(true) if there are none. With C(async), M(ansible.builtin.async_status)
      uses this key for the job instead.
  returned: always
  type: bool
  sample: true
succeeded:
  description:
    - Whether all operations succeeded. With O(wait_for=any), whether one did. V(true) if an empty list passed.
  returned: always
  type: bool
  sample: true
failed_operations:
  description: The failed operations, with fewer keys.
  returned: always
  type: list
  elements: dict
  sample: []
pending_operations:
  description: The unfinished operations, with fewer keys.
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
  description: Number of polls.
  returned: always
  type: int
  sample: 6
requests:
  description: Number of requests to the API, without logins.
  returned: always
  type: int
  sample: 8
tolerated_errors:
  description: Number of transient errors that were retried.
  returned: always
  type: int
  sample: 0
last_error:
  description: Last tolerated error; null if there was none.
  returned: always
  type: str
  sample: null
reauthentications:
  description: Number of token renewals.
  returned: always
  type: int
  sample: 0
failure:
  description: Why the wait failed.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - V(failed) if an operation failed. V(timeout) if O(timeout) expired. V(missing) if the API does not know an
          operation and no other operation failed.
        - V(input), V(auth), V(forbidden), V(throttled), V(transport) or V(protocol) for an error that ended the wait.
      returned: on failure
      type: str
      sample: timeout
    message:
      description: The same text as RV(msg).
      returned: on failure
      type: str
      sample: "1 of 2 operations failed: resize req-1 of server-1 is failed (compute_finish_resize failed)."
    code:
      description: The API's error code, or the HTTP status.
      returned: on failure
      type: str
      sample: "404"
    request_id:
      description: The request ID to give to the provider's support.
      returned: on failure
      type: str
      sample: req-4d1c3e55-9ee9-4a3f-b6a5-11f3c6a1c3c2
    operation:
      description: The first affected operation, with the keys of RV(operations).
      returned: on failure
      type: dict
      sample: {"operation_id": "req-1", "state": "failed"}
msg:
  description: The failure. If there was nothing to wait for, the text begins with "0 operations".
  returned: on failure, and if there was nothing to wait for
  type: str
  sample: "1 of 2 operations failed: resize req-1 of server-1 is failed (compute_finish_resize failed)."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.wait import WaitModule


def main() -> None:
    WaitModule().run(WaitModule.wait)


if __name__ == "__main__":
    main()
