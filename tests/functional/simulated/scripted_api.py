# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with scripted answers, for APIs that a definition describes, and a wait that shows no secret."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import scripted

PASSWORD, SECRET = "planted-password-91", "planted-secret-4f2e"
TOKENS = ["planted-token-one", "planted-token-two"]
FAST = {"provider": "custom", "poll_min": 0.1, "poll_max": 0.2, "timeout": 20}


class Api(scripted.Api):
    """The server. A key of C(answers) without a query stands for a target with any query."""

    def answer_to(self, sent: scripted.Sent) -> scripted.Answer:
        if f"{sent.method} {sent.target}" not in self.answers:
            sent = sent._replace(target=unquote(urlsplit(sent.target).path))
        return super().answer_to(sent)


def wait(run_module: Any, api: Api, **options: Any) -> dict[str, Any]:
    result = run_module("wait_for_operation", **{**FAST, "endpoint": api.url, **options})
    shown = json.dumps(result)
    assert [each for each in (PASSWORD, SECRET, *TOKENS) if each in shown] == []
    return dict(result)
