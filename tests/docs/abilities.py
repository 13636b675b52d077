# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what each provider and each ready-made definition can do, from their data."""

from __future__ import annotations

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login_request import LoginRequest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Capabilities, ProviderInfo
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.description import Description
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

HEAD = ("provider or definition", "by ID", "latest", "many in one request", "percent", "steps", "renews its login")


def table() -> str:
    """Return the rows of Markdown: the providers, then the definitions."""
    rows = [HEAD, tuple("---" for _column in HEAD)]
    rows += [_of_provider(info) for info in PROVIDERS.values() if info.name != "custom"]
    rows += [_of_definition(name) for name in sorted(READY)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows) + "\n"


def _of_provider(info: ProviderInfo) -> tuple[str, ...]:
    able, api = info.capabilities, info.description
    steps = bool(api.steps) if api else True  # the events of an instance action
    many = "its servers" if info.change_feed else _yes(able.batch)
    return (f"`{info.name}`", _by_id(able), _yes(able.lists), many, _yes(bool(api and api.percent)), _yes(steps), "yes")


def _of_definition(name: str) -> tuple[str, ...]:
    api = description_of({"name": name})
    able = Capabilities.of(api)
    link = "URL" if not api.show_path else _by_id(able)
    followed = api.follow.description if api.follow else api
    percent = bool(api.percent or followed.percent)
    cells = (f"`{name}`", link, _yes(able.lists), _yes(able.batch), _yes(percent), _yes(bool(api.steps)))
    return (*cells, _renews(api))


def _by_id(able: Capabilities) -> str:
    if able.only_expects:
        return "only with `expect`"
    return "with its resource" if able.needs_resource else "yes"


def _renews(api: Description) -> str:
    request = api.login or LoginRequest()
    return "yes" if request.path else ""


def _yes(able: bool) -> str:
    return "yes" if able else ""
