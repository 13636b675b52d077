# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python runs this at its start, in every process of a run. It writes all logs into the searched folder."""

from __future__ import annotations

import logging
import os
import sys

_FOLDER = os.environ.get("SECRETS_LOGS")
# Ansible itself would not write its own log any more; AnsiballZ, by which modules run, has a capital.
_CONTROLLER = any(os.path.basename(word).startswith("ansible") for word in sys.orig_argv[:3])


def _log_everything(folder: str) -> None:
    logging.captureWarnings(True)
    handler = logging.FileHandler(os.path.join(folder, "libraries.log"), delay=True)
    handler.setFormatter(logging.Formatter("%(process)d %(name)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


def _keep_syslog(folder: str) -> None:
    import syslog

    def keep(*arguments: object) -> None:
        with open(os.path.join(folder, "syslog"), "a", encoding="utf-8") as file:
            file.write(f"{arguments[-1]}\n")

    syslog.syslog = keep  # type: ignore[assignment]
    sys.modules["systemd"] = None  # type: ignore[assignment] - the journal, which Ansible prefers


def _break_requests() -> None:
    """Simulate a defect in the worst place: its error message contains the whole request."""
    import requests

    def send(_session: object, request: requests.PreparedRequest, **_more: object) -> None:
        raise RuntimeError(f"broken: {dict(request.headers)} {request.body!r}")

    requests.Session.send = send  # type: ignore[method-assign,assignment]


if _FOLDER and not _CONTROLLER:
    _log_everything(_FOLDER)
    _keep_syslog(_FOLDER)
    if os.environ.get("SECRETS_CRASH"):
        _break_requests()
