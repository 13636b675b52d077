# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in how to wait, in the definition of an API, and in a rulebook."""

from __future__ import annotations

from simulated.mistakes.kinds import (
    ACTION,
    OTHER,
    PASSWORD,
    SERVER,
    Mistake,
    custom_mistake,
    role_mistake,
    rulebook_mistake,
    wait_mistake,
)

SECONDS = "must be seconds, or a duration such as 10m or 1h30m"
LIMITS: list[Mistake] = [
    wait_mistake(
        "a duration in words",
        {**ACTION, "timeout": "10 minutes"},
        f"timeout {SECONDS}, not 10 minutes.",
        "timeout",
        "such as 10m",
    ),
    wait_mistake(
        "a negative `timeout`",
        {**ACTION, "timeout": -1},
        "timeout must be a number of seconds from 0 to 1000000000, not -1.",
        "timeout",
        "from 0 to",
    ),
    wait_mistake(
        "no time for a request",
        {**ACTION, "api_timeout": 0},
        "api_timeout must be more than 0 and at most 86400 seconds, not 0.",
        "api_timeout",
        "more than 0",
    ),
    wait_mistake(
        "`poll_min` larger than `poll_max`",
        {**ACTION, "poll_min": "2m", "poll_max": "1m"},
        "poll_min (120 s) is larger than poll_max (60 s).",
        "poll_min",
        "is larger than poll_max",
    ),
    wait_mistake(
        "an option that takes true or false",
        {**ACTION, "validate_certs": "maybe"},
        "validate_certs must be true or false, not text.",
        "validate_certs",
        "must be true or false",
    ),
    role_mistake(
        "a duration in words in the role",
        {"operations": [OTHER], "options": {"timeout": "an hour"}},
        f"operation_gate_timeout {SECONDS}, not other text.",
        "operation_gate_timeout",
        "such as 10m",
    ),
]

CUSTOM: list[Mistake] = [
    custom_mistake(
        "no login for an API of your own",
        "No credentials are given: set auth_type to bearer and give auth.token, or …",
        "auth_type",
        "set auth_type to bearer",
        auth_type=None,
    ),
    custom_mistake(
        "`auth_type: none` where the API wants a login",
        "GET … answered 401: … No credential was sent, because auth_type is none. Set auth_type to bearer and "
        "give auth.token, "
        "or set it to basic and give auth.username and auth.password.",
        "auth_type",
        "Set auth_type to bearer",
    ),
    custom_mistake(
        "user and password without `auth_type: basic`",
        "auth.auth_url is missing for auth_type password: give it, or set OS_AUTH_URL. Or set auth_type "
        "to bearer or basic, "
        "if the API itself accepts the login.",
        "auth.auth_url",
        "set auth_type to bearer or basic",
        auth_type=None,
        auth={"username": "u", "password": PASSWORD},
    ),
    custom_mistake(
        "no `definition.state`",
        "definition.state is missing: give the JMESPath of the status value.",
        "definition.state",
        "is missing",
        {"state": None},
    ),
    custom_mistake(
        "no place for the operation in `definition.show`",
        "definition.show must contain the placeholder {operation_id}, or {resource_id} for a resource without "
        "operations.",
        "definition.show",
        "must contain the placeholder {operation_id}",
        {"show": "/operations"},
    ),
    custom_mistake(
        "one word for success and for failure",
        "definition.states has 'done' for succeeded and for failed.",
        "definition.states",
        "for succeeded and for failed",
        {"states": {"succeeded": ["done"], "failed": ["done"]}},
    ),
]

RULEBOOK_OPTIONS: list[Mistake] = [
    rulebook_mistake(
        "nothing to watch",
        {"resources": []},
        "Nothing to watch: give operations or resources.",
        "operations",
        "give operations or resources",
    ),
    rulebook_mistake(
        "a misspelled option of the event source",
        {"resources": [SERVER], "intervall": 3},
        "unknown arguments: intervall. Known are ….",
        "intervall",
        "Known are",
    ),
    rulebook_mistake(
        "a mistake in the second group",
        {"provider": None, "groups": [{"provider": "openstack", "resources": [SERVER]}, {"provider": "openstack"}]},
        "group 2: Nothing to watch: give operations or resources.",
        "operations",
        "give operations or resources",
        "group 2",
    ),
]
