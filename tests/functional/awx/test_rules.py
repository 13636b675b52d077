# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated AWX refuses what AWX refuses, so that the tests of the templates can fail."""

from __future__ import annotations

from typing import Any

import pytest
from awx.rules import Refused, check_answers, check_credential_type, check_survey, needed_to_start

GOOD_SURVEY = {
    "name": "",
    "description": "",
    "spec": [
        {"question_name": "Seconds", "variable": "seconds", "type": "integer", "required": True, "default": 5, "max": 9}
    ],
}


@pytest.mark.parametrize(
    "broken",
    [
        {"spec": []},
        {"name": None},
        {"question_name": None},
        {"type": "number"},
        {"default": "5"},
        {"default": 10},
        {"max": "9"},
        {"required": "yes"},
        {"type": "multiplechoice", "choices": ["a"], "default": "b"},
        {"color": "red"},
    ],
)
def test_awx_refuses_a_broken_survey(broken: dict[str, Any]) -> None:
    check_survey(GOOD_SURVEY)
    (question,) = GOOD_SURVEY["spec"]
    survey = {**GOOD_SURVEY, **{key: value for key, value in broken.items() if key in GOOD_SURVEY}}
    if not set(broken) & set(GOOD_SURVEY):
        survey["spec"] = [{**dict(question), **broken}]  # type: ignore[call-overload]

    with pytest.raises(Refused):
        check_survey(survey)


@pytest.mark.parametrize("answers", [{}, {"seconds": "5"}, {"seconds": True}, {"seconds": 10}])
def test_awx_refuses_a_broken_answer(answers: dict[str, Any]) -> None:
    check_answers(GOOD_SURVEY, {"seconds": 9})

    with pytest.raises(Refused):
        check_answers(GOOD_SURVEY, answers)


def test_a_default_does_not_answer_a_required_question() -> None:
    (question,) = GOOD_SURVEY["spec"]
    optional = {"spec": [{**dict(question), "required": False}]}  # type: ignore[call-overload]

    check_answers(optional, {})
    assert (needed_to_start(GOOD_SURVEY), needed_to_start(optional)) == (["seconds"], [])


@pytest.mark.parametrize(
    "injectors",
    [
        {"env": {"OS_AUTH_URL": "{{ auth_ulr }}"}},
        {"env": {"ANSIBLE_CONFIG": "x"}},
        {"env": {"PATH": "x"}},
        {"file": {"ca_cert": "x"}},
        {"file": {"template": "x", "template.b": "x"}},
        {"env": {"A-B": "x"}},
        {"env": {"OS_CACERT": "{{ tower.filename.other }}"}},
        {"env": {"OS_AUTH_URL": "{{ auth_url"}},
        {"vars": {}},
    ],
)
def test_awx_refuses_a_broken_injector(injectors: dict[str, Any]) -> None:
    fields = [{"id": "auth_url", "label": "URL", "type": "string"}]
    good = {"kind": "cloud", "inputs": {"fields": fields}, "injectors": {"env": {"OS_AUTH_URL": "{{ auth_url }}"}}}
    check_credential_type(good)

    with pytest.raises(Refused):
        check_credential_type({**good, "injectors": injectors})
