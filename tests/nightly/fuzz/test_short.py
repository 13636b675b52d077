# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short run of the fuzzer, and proof that it finds what it is there to find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.provider import (
    DescribedProvider,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova import provider as nova
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova import reading
from fuzz.bodies import Bodies, Tally
from fuzz.hunt import hunt
from fuzz.language import LANGUAGE
from fuzz.run import described
from fuzz.scenes import KINDS, scenes
from fuzz.successes import SERVICES
from fuzz.targets import SLOW, TARGETS, Target
from fuzz.truth import Broken

BODIES = 200
INPUTS = 200
SEED = 20261121


@pytest.mark.parametrize("name", KINDS)
def test_no_answer_breaks_a_provider(name: str) -> None:
    bodies = Bodies(scenes(name, few=True))
    crashes = hunt(bodies.run, BODIES, SEED)
    assert not crashes, described(name, crashes[0], few=True)
    assert bodies.tally.inputs >= BODIES
    assert len(bodies.tally.outcomes) > 2, "the answers are all alike"


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_what_reads(name: str) -> None:
    target = Target(TARGETS[name])
    crashes = hunt(target.run, INPUTS // (4 if name in SLOW else 1), SEED)
    assert not crashes, described(name, crashes[0])
    assert len(target.tally.outcomes) > 1, "the inputs are all alike"


@pytest.mark.parametrize(
    "name",
    [
        "openstack",
        "ecl_vna",
        "otc_job:cce",
        "custom:google",
        "huaweicloud_modelarts",
        *(f"custom:{each}" for each in LANGUAGE),
        *SERVICES,
    ],
)
def test_good_answers_are_read_as_they_are(name: str) -> None:
    """The oracle accepts valid answers."""
    bodies = Bodies(scenes(name, few=True))
    for scene in bodies.scenes:
        bodies.put(scene, {path: text.encode() for path, text in scene.answers.items()})
    assert bodies.tally.outcomes["succeeded"] and bodies.tally.outcomes["running"]


@pytest.mark.parametrize("name", ["openstack", "otc_ecs", "fujitsu_k5", "ecl_compute"])
@pytest.mark.parametrize("kind", [None, "resetState"])
def test_a_list_shows_an_action_whose_own_answer_is_about_another(name: str, kind: str | None) -> None:
    """Nova shows only one of two actions that share a request id; kind: of the newest in the list."""
    bodies = Bodies(scenes(name, few=True))
    for scene in bodies.scenes:
        answers = {path: json.loads(text) for path, text in scene.answers.items()}
        for body in answers.values():
            for row in (body.get("instanceActions") or [])[:1] if kind else ():
                row["action"] = kind
            if not kind and "instanceAction" in body:
                del body["instanceAction"]["action"]
        bodies.put(scene, {path: json.dumps(body).encode() for path, body in answers.items()})
    assert bodies.tally.outcomes["succeeded"]


def _found(name: str) -> str:
    """Return the finding of a hunt."""
    crashes = hunt(Bodies(scenes(name, few=True)).run, 3000, SEED)
    return crashes[0].error if crashes else "nothing"


def test_a_success_in_any_word_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    show, listed = DescribedProvider.show, DescribedProvider.list

    def judged(found: Operation) -> Operation:
        found.state = "succeeded" if "success" in str(found.raw_status).lower() else found.state
        return found

    monkeypatch.setattr(DescribedProvider, "show", lambda self, reference: judged(show(self, reference)))
    monkeypatch.setattr(DescribedProvider, "list", lambda self, query: list(map(judged, listed(self, query))))
    assert "a success in a word that does not mean it" in _found("ecl_vna")


def test_a_success_without_evidence_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    steps_of = reading.steps_of

    def steps(action: Any) -> Any:
        found = steps_of(action)
        for each in found or ():
            each.state = "succeeded" if each.result else each.state
        return found

    for user in (reading, nova):
        monkeypatch.setattr(user, "steps_of", steps)
    assert "of which neither an event nor the server tells" in _found("openstack")


def test_a_name_that_steers_a_terminal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Operation, "__setattr__", object.__setattr__)
    assert "is shown as it came" in _found("huaweicloud_job")


def _never_finished() -> None:
    while True:
        pass


def test_a_crash_is_found() -> None:
    crashes = hunt(Target(lambda choices: str(10 ** (choices.below(2) * 5000))).run, 100, SEED)
    assert crashes[0].error.startswith("ValueError: ")
    assert crashes[0].data == b"\x01" + bytes(7), "the smallest"


@pytest.mark.parametrize(("limit", "words"), [(9.0, "not finished after"), (0.0, "it took")])
def test_a_hang_is_found(limit: float, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.bodies.LIMIT", limit)
    monkeypatch.setattr("fuzz.bodies.HANGS", 0.1)
    with pytest.raises(Broken, match=words):
        Tally().time(_never_finished if limit else lambda: None)


def test_the_same_bytes_are_the_same_input() -> None:
    bodies = Bodies(scenes("ecl_mlb", few=True))
    seen: list[Any] = []
    bodies.put = lambda scene, served, short=False: seen.append(served)  # type: ignore[method-assign, assignment]
    for _time in range(2):
        bodies.run(bytes(range(40)))
    assert seen[0] == seen[1]
