# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the event source, and its documentation."""

from __future__ import annotations

import gc
from typing import Any, Dict

import pytest
import yaml
from ansible_collections.cloudgate.operations.extensions.eda.plugins.event_source import operations as source
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import (
    SPEC,
    checked,
    examined,
    plans,
    watch_options,
)

AUTH = {"auth_url": "https://keystone.example.com/v3", "token": "tok-1", "project_id": "p-1"}
LOGIN: Dict[str, Any] = {"auth_type": "token", "auth": AUTH}
GOOD: Dict[str, Any] = {"provider": "openstack", "resources": ["server-1"], **LOGIN}


def prepared(arguments: Dict[str, Any]) -> Any:
    given = checked(arguments)
    return watch_options(given), plans(given, {}, lambda _secret: None)


def test_defaults() -> None:
    options, (watched,) = prepared(GOOD)
    assert watched.resources == ["server-1"]
    assert watched.references == []
    assert options.resources_interval == 30
    assert options.polls.poll_min == 1.5
    assert options.polls.timeout == options.polls.connect_grace == float("inf")
    assert not options.end_when_finished


def test_several_clouds() -> None:
    groups = [dict(GOOD), {"provider": "ecl_vna", "operations": [{"operation_id": "op-1"}], **LOGIN}]
    _options, (first, second) = prepared({"groups": groups})
    assert first.resources == ["server-1"]
    assert [str(each) for each in second.references] == ["op-1"]


def test_a_mistake_in_one_of_several_clouds_says_in_which() -> None:
    with pytest.raises(InputError, match=r"^group 2: Nothing to watch"):
        prepared({"groups": [dict(GOOD), {"provider": "ecl_vna", **LOGIN}]})
    with pytest.raises(InputError, match=r"^group 1: auth\.auth_url is missing"):
        prepared({"groups": [{**GOOD, "auth": {"token": "tok-1", "project_id": "p-1"}}]})


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"intervall": 3}, "unknown arguments: intervall. Known are "),
        (
            {"auth": {"pasword": "Hunter-22"}},
            "pasword is not an option of auth. Perhaps you meant password. Known options are ",
        ),
        ({"provider": "openstak"}, "value of provider must be one of: custom, "),
        ({"provider": None}, "provider is required, for example openstack."),
        ({"resources": []}, "Nothing to watch: give operations or resources."),
        ({"resources": None}, "one of the following is required: operations, resources, groups."),
        ({"resources": ["../x"]}, "resources must be an id of letters, digits"),
        (
            {"provider": "huaweicloud_modelarts"},
            "resources cannot be used with provider huaweicloud_modelarts: its API does not list operations.",
        ),
        ({"groups": []}, "parameters are mutually exclusive: groups|"),
        ({"operations": [{"operation_id": "req-1"}]}, "resource_id is missing: provider openstack finds"),
        ({"operations": [{"reservation_id": "r-7f3k2m9q"}]}, "reservation_id cannot be watched: give the servers"),
        (
            {"operations": [{"operation": "req-1"}]},
            "operation is not an option of operations. Perhaps you meant operation_id. ",
        ),
        ({"poll_min": "often"}, "poll_min must be seconds, or a duration such as 10m or 1h30m, not other text."),
        ({"poll_min": 100}, "poll_min (100 s) is larger than poll_max (60 s)."),
        ({"resources_interval": 0}, "resources_interval must be a number of seconds from 1 to 1000000000, not 0."),
        ({"remember": 60}, "remember must be a number of seconds from 3600 to 1000000000, not 60."),
        ({"max_concurrency": float("inf")}, "max_concurrency is infinite, not a number, or hundreds of digits long. "),
        ({"max_concurrency": 0}, "max_concurrency must be 1 or more, not 0."),
        ({"missing_grace": -1}, "missing_grace must be a number of seconds from 0 to 1000000000, not -1."),
        ({"changes_since": "yesterday"}, "changes_since must be a time such as "),
        ({"hyperinstance": True}, "hyperinstance is for provider huaweicloud_modelarts only."),
    ],
)
def test_a_mistake_is_one_sentence(change: Dict[str, Any], sentence: str) -> None:
    arguments = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(InputError) as caught:
        prepared(arguments)
    assert sentence in caught.value.message
    assert "Hunter-22" not in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.message.endswith(".")


def test_secrets_are_found_in_wrong_arguments_too() -> None:
    arguments = {
        "auth": {"password": "one-1", "pasword": "two-2", "auth_url": "https://keystone", "sk": "three-3"},
        "groups": [{"auth": {"secret_key": "four-4", "username": "me"}}, {"auth": "password=five-5"}, "six"],
    }
    found = examined(arguments).secrets
    assert found == {"one-1", "two-2", "three-3", "four-4", "me:four-4", "five-5", "password=five-5"}


def test_garbage_is_collected_in_a_process_that_stays() -> None:
    assert gc.isenabled()


def documented() -> Dict[str, Any]:
    return dict(yaml.safe_load(source.DOCUMENTATION)["options"])


def test_the_documentation_has_every_argument() -> None:
    assert set(documented()) == set(SPEC)


@pytest.mark.parametrize("name", sorted(SPEC))
def test_the_documentation_matches_the_options(name: str) -> None:
    option = documented()[name]
    assert option["type"] == SPEC[name]["type"]
    assert option.get("default") == SPEC[name].get("default")
    assert option.get("elements") == SPEC[name].get("elements")
    assert option["description"]
    if "choices" in option:
        assert option["choices"] == SPEC[name]["choices"]


def test_the_examples_can_be_used() -> None:
    examples = yaml.safe_load(source.EXAMPLES)
    assert examples
    for example in examples:
        ((name, arguments),) = example.items()
        assert name == "cloudgate.operations.operations"
        assert watch_options(checked(arguments))


def test_credentials_of_the_environment_stay_with_their_cloud() -> None:
    environ = {
        "OS_AUTH_URL": "https://keystone.example.com/v3", "OS_USERNAME": "u", "OS_PASSWORD": "pw-1",
        "OS_USER_DOMAIN_NAME": "D", "OS_PROJECT_NAME": "p",
    }  # fmt: skip
    given = checked({"provider": "openstack", "resources": ["server-1"], "auth": {"auth_url": "https://other.test/v3"}})
    with pytest.raises(InputError, match=r"the environment are not sent to other\.test, .* CLOUDGATE_TRUSTED_HOSTS"):
        plans(given, environ, lambda _secret: None)
    assert plans(given, {**environ, "CLOUDGATE_TRUSTED_HOSTS": "other.test"}, lambda _secret: None)
