# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The description of an API by the user
    DOCUMENTATION = r"""
options:
  definition:
    description:
      - How to read the API. Required for provider V(custom), together with O(endpoint).
      - Fields are JMESPath expressions for the JSON of an operation. Names with dots, such as V(error.message), need no
        C(jmespath) library. V(header:NAME) reads a header of the response.
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers/custom.md) has complete examples.
      - The name of a ready-made definition, such as V(hetzner), stands for a dictionary with O(definition.name) only.
    type: dict
    suboptions:
      name:
        description:
          - A ready-made definition. All other keys of O(definition) change it, also one by one in O(definition.states),
            O(definition.login), O(definition.headers), O(definition.query), O(definition.steps) and
            O(definition.follow).
          - U(https://github.com/cloudgate/operations/blob/main/docs/providers/definitions.md) describes each.
        type: str
        choices:
          - awx_job
          - awx_workflow
          - azure
          - azure_location
          - azure_resource
          - catalyst_center
          - digitalocean
          - f5_as3
          - gitlab_job
          - gitlab_pipeline
          - google
          - google_compute
          - hetzner
          - idrac_job
          - ionos
          - jenkins
          - jenkins_build
          - linode
          - ontap
          - openmanage
          - ovh
          - proxmox
          - redfish
          - redfish_monitor
          - vcenter
      show:
        description:
          - Path below O(endpoint) that shows an operation, with V({operation_id}) and, if needed, V({resource_id}).
          - With V({resource_id}) only, the path shows a resource of an API without operations. Each operation then
            needs C(resource_id) and C(expect), one of the values in O(definition.states.succeeded).
          - Without it, C(operation_id) must be the full URL of the operation.
        type: str
      root:
        description: Key that contains the operation in the response of O(definition.show). Lists do not contain it.
        type: str
      link_path:
        description: Path after an C(operation_id) that is a URL, such as V(api/json).
        type: str
      list:
        description:
          - Path that lists operations, with V({resource_id}) if the API filters by it.
          - Requires O(definition.items) and O(definition.started_at), and O(definition.resource_id) if the API does not
            filter.
        type: str
      find:
        description: Path that lists the operation of a request, with V({client_request_id}).
        type: str
      batch:
        description:
          - Path that reads several operations in one request. A query parameter with V({operation_id}) is repeated for
            each ID; V({operation_ids}) stands for all IDs, separated by commas.
          - Requires O(definition.items) and O(definition.id). An operation that the response lacks is missing.
        type: str
      items:
        description: JMESPath of the operations in a list. V(@) if the response itself is the list.
        type: str
      next:
        description:
          - JMESPath of the next page in the response of a list, or V(header:Link). It is a URL, which may be relative,
            or the value of O(definition.next_parameter). Without it, only the first page is read.
        type: str
      next_parameter:
        description: Query parameter for the number or token in O(definition.next).
        type: str
      query:
        description: Query parameters of each request, without secrets, if the URL does not have them.
        type: dict
      post:
        description:
          - Requests that the API reads by POST, with their JSON body, such as V({}). All texts of a body may have the
            placeholders of the path. An ID is sent as text.
          - Use it only for requests that change nothing, because the module repeats them. A URL in an answer, or in
            C(operation_id), is always read by GET.
        type: dict
        suboptions:
          show:
            description: Body of the request for O(definition.show).
            type: dict
          list:
            description: Body of the request for O(definition.list). Pages then need O(definition.next_parameter).
            type: dict
      headers:
        description:
          - Headers to send, also with O(definition.login). For a header with a secret, set O(auth_type) to V(header).
          - A header with V({resource_id}) is sent only with O(definition.list).
        type: dict
      login:
        description:
          - How the API takes its token, for the values V(login) and V(header) of O(auth_type).
          - With V(login), the module sends one POST request, and again when the token expires or is refused.
        type: dict
        suboptions:
          path:
            description: Path of the login request below O(endpoint). Required for V(login).
            type: str
          json:
            description:
              - JSON body of the login request, with the placeholders V({username}) and V({password}) for the options in
                O(auth). Without O(definition.login.json) and O(definition.login.form), the request has no body but
                HTTP basic authentication.
            type: dict
          form:
            description: Form body of the login request, with the same placeholders.
            type: dict
          token:
            description:
              - JMESPath of the token in the response, or its header, such as V(header:X-Auth-Token). By default, the
                response is the token as a JSON text.
            type: str
          header:
            description: Header for the token. V(Authorization) by default.
            type: str
          prefix:
            description: Text before the token in the header, such as V(Bearer) and a space.
            type: str
          lifetime:
            description:
              - Seconds after which the token expires. By default, the response's C(expires_in), else the first response
                401 shows it.
            type: float
      missing_codes:
        description: Error codes for an operation that does not exist, with any HTTP status.
        type: list
        elements: str
      id:
        description:
          - JMESPath of the operation ID. If you set it, a response without an ID cannot finish the operation, because
            it may describe another one. By default, each response counts for the requested operation.
        type: str
      resource_id:
        description: JMESPath of the resource ID.
        type: str
      type:
        description: JMESPath of the operation type.
        type: str
      state:
        description:
          - JMESPath of the status value. V(true) and V(false) are valid status values.
          - Required unless O(definition.states) has HTTP statuses.
        type: str
      states:
        description:
          - Status values of each state, in upper or lower case. All other values mean V(unknown), which does not open
            the gate.
          - A value can be a pattern such as V(*_COMPLETE). V(*) stands for all other values.
          - A value such as V(HTTP 204) is the HTTP status of the response, and decides without O(definition.state).
          - A succeeded operation with an error or a failed step counts as failed.
        type: dict
        suboptions:
          pending:
            description: Status values that mean not started.
            type: list
            elements: str
          running:
            description: Status values that mean running.
            type: list
            elements: str
          succeeded:
            description: Status values that mean success. Required.
            type: list
            elements: str
          failed:
            description: Status values that mean failure.
            type: list
            elements: str
          absent:
            description:
              - State if the status value is absent, null or empty. By default, such a response is an error.
              - V(succeeded) requires O(definition.id).
            type: str
            choices: [pending, running, succeeded, failed]
      error_message:
        description: JMESPath of the error message. It must be empty if the operation succeeded.
        type: str
      error_code:
        description: JMESPath of the error code. It must be empty if the operation succeeded.
        type: str
      detail:
        description: JMESPath of a text about the state that is not an error by itself.
        type: str
      warning:
        description: JMESPath of a warning.
        type: str
      percent:
        description:
          - JMESPath of how much is done, as a number from 0 to 100, as text such as V(55%), or as a list of two
            numbers, done and total.
        type: str
      started_at:
        description: JMESPath of the start time, which is ISO 8601, or seconds or milliseconds since 1970.
        type: str
      updated_at:
        description: JMESPath of the time of the last change.
        type: str
      finished_at:
        description: JMESPath of the end time.
        type: str
      utc_offset:
        description: Offset of times without a zone, such as V(+02:00). By default, they are in UTC.
        type: str
      changes_at_once:
        description:
          - Whether the API changes the status of a resource before it answers the request. The first poll then counts,
            and a resource that is idle in another status than C(expect) has failed to reach it.
          - By default, a status counts only if the same wait has seen another one.
        type: bool
      moved_to:
        description:
          - JMESPath of the URL of the next poll in the response of an unfinished operation, usually V(header:Location).
            By default, the URL does not change.
        type: str
      follow:
        description:
          - The operation that continues this one, such as the build of a queue item. From the first response that names
            it, only that operation is read.
        type: dict
        suboptions:
          link:
            description: JMESPath of its URL. While it is empty, the first operation does not succeed.
            type: str
            required: true
          path:
            description: Path after the URL, such as V(api/json).
            type: str
          definition:
            description: Fields and status values of its responses, as in O(definition).
            type: dict
      steps:
        description: JMESPath of the steps, and of the fields in each step.
        type: dict
        suboptions:
          path:
            description:
              - Path of another request that lists the steps, with V({operation_id}) and, if needed, V({resource_id}).
                By default, the steps are in the response of the operation.
              - The module reads it once the operation is finished. Requires O(definition.id).
            type: str
          next:
            description: JMESPath of the URL of the next page in the response of O(definition.steps.path).
            type: str
          on_failure:
            description:
              - With V(fail), a failed step makes a success a failure. With V(warn), it is a warning.
              - By default V(fail).
            type: str
            choices: [fail, warn]
          items:
            description: JMESPath of the list of steps.
            type: str
            required: true
          name:
            description: JMESPath of the name, in a step.
            type: str
            required: true
          state:
            description: JMESPath of the status value, in a step. O(definition.states) applies.
            type: str
            required: true
          error:
            description: JMESPath of the error message, in a step.
            type: str
          started_at:
            description: JMESPath of the start time, in a step.
            type: str
          finished_at:
            description: JMESPath of the end time, in a step.
            type: str
requirements:
  - jmespath (for fields of O(definition) other than names with dots)
"""
