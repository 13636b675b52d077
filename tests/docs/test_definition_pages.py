# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each ready-made definition has a page, whose example is accepted and whose facts fit the definition."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import resolve
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import references_to
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Capabilities
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import check_options, info_for
from ansible_collections.cloudgate.operations.tests.unit.vendor_answers import ANSWERS, ENDPOINT
from docs.definition_facts import FACTS
from docs.definition_pages import FOLDER, filled, task
from docs.pages import COLLECTION, headings, page, section

NAMES = sorted(READY)
WAIT = "cloudgate.operations.wait_for_operation"


def test_each_definition_has_facts_and_a_page() -> None:
    assert sorted(FACTS) == NAMES
    assert sorted(each.stem for each in (COLLECTION / "docs" / FOLDER).glob("*.md")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_accepted(name: str) -> None:
    operation_id = str(ANSWERS[name][0][0].operation_id).replace(ENDPOINT, FACTS[name].endpoint)
    options = filled(task(name)[WAIT], operation_id)
    options["definition"] = {"name": name}
    info = info_for(options)
    check_options(info, options)
    (reference,) = references_to(info, options.get("operations", [options]))
    assert reference.operation_id == operation_id or reference.latest
    assert "{{" not in str(options)
    assert resolve(options, {}, info.aksk, info.domains).kind == FACTS[name].logins[0]


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_fit_the_definition(name: str) -> None:
    facts, api = FACTS[name], description_of({"name": name})
    able = Capabilities.of(api)
    assert bool(facts.resource) == (able.needs_resource or able.lists)
    assert not able.needs_resource or facts.resource_value
    if "login" in facts.logins:
        assert api.login is not None and api.login.path
    assert api.show_path or "URL" in facts.operation


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_traps_and_is_short(name: str) -> None:
    text = page(f"docs/{FOLDER}/{name}.md")
    assert headings(text)[0][1].startswith(f"{name}: ")
    assert section(text, "Traps").count("\n- ") >= 1
    assert len(text.splitlines()) < 80
