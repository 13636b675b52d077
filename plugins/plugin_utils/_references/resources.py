# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the servers in results of openstack.cloud and of the openstack client, which name no request. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ansible_collections.cloudgate.operations.plugins.module_utils._http import json as strict_json
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

from .answers import asked, id_in

_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)  # anything else is a name
# The choices of openstack.cloud.server_action, as Nova records them.
_SAME = ("lock", "pause", "rebuild", "resume", "shelve", "start", "stop", "suspend", "unlock", "unpause", "unshelve")
_ACTIONS = {
    **dict(zip(_SAME, _SAME)), "reboot_hard": "reboot", "reboot_soft": "reboot", "shelve_offload": "shelveOffload"
}  # fmt: skip
# Commands of "openstack server" that print servers, and their actions. Others print images, groups or volumes.
_COMMANDS = {"create": "create", "rebuild": "rebuild", "evacuate": "evacuate", "show": None, "list": None}
_SHELL = re.compile(r"[;&|<>`$\n]")
_UNNAMED = ("servers", "cmd")  # results with these keys count without a change


def servers_in(who: str, result: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """Return the latest operation of each server in a result, with its action if it is known.

    who: names the result in an error. Raises InputError for a result that names no server or changed none.
    """
    if result.get("changed") is False and not any(name in result for name in _UNNAMED):
        raise InputError(
            f"{who} has changed: false, so no operation was started. Remove it, for example with selectattr('changed')."
        )
    found = _of_command(who, result) if "cmd" in result else _of_module(result)
    if not found:
        raise InputError(
            f"{who} names no request and no server ID, as results of openstack.cloud.server_action do. "
            "Run operation_info for the server before that task, and give its result as after."
        )
    return found


def _latest(resource_id: str, action: Optional[str] = None) -> Dict[str, Any]:
    return {"resource_id": resource_id, "latest": True, **({"action": action} if action else {})}


def _of_module(result: Mapping[str, Any]) -> List[Dict[str, Any]]:
    if isinstance(result.get("servers"), (list, tuple)):
        return _each(result["servers"])
    known, server = id_in(result), result.get("server")
    if known:
        building = isinstance(server, Mapping) and str(server.get("status")).upper() == "BUILD"
        return [_latest(known, "create" if building else None)]  # only a create has this status
    name, action = _asked_of(result)
    return [_latest(name, _ACTIONS[action])] if action in _ACTIONS and _UUID.fullmatch(name) else []


def _asked_of(result: Mapping[str, Any]) -> Sequence[str]:
    """Return server and action of a server_action, which Ansible registers only in loops."""
    arguments = asked(result)
    arguments = arguments if isinstance(arguments, Mapping) else {}
    return str(arguments.get("name") or arguments.get("server")), str(arguments.get("action"))


def _of_command(who: str, result: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """Return the servers in the output of C(openstack server … -f json). Raises InputError if the command failed."""
    if result.get("rc", 0) != 0:
        raise InputError(f"{who}: its command failed with exit status {result['rc']}, so it does not count as started.")
    given = result["cmd"]
    text = " ".join(map(str, given)) if isinstance(given, (list, tuple)) else str(given)
    command = _server_command(text.split())
    if command not in _COMMANDS:
        return []
    try:
        shown = strict_json.parse(str(result.get("stdout")))
    except (ValueError, RecursionError):
        return []
    action = None if _SHELL.search(text) else _COMMANDS[command]  # in a shell, another command may print it
    return _each(shown if isinstance(shown, list) else [shown], action)


def _server_command(words: Sequence[str]) -> str:
    """Return the word after C(openstack server); "" for other commands, whatever their arguments are."""
    client = next((at for at, word in enumerate(words) if word.split("/")[-1] == "openstack"), len(words))
    after = list(words[client:])
    if "server" not in after[:-1]:
        return ""
    place = after.index("server")
    of_options = (word.startswith("-") or after[at].startswith("--") for at, word in enumerate(after[1:place]))
    return after[place + 1] if all(of_options) else ""


def _each(servers: Sequence[Any], action: Optional[str] = None) -> List[Dict[str, Any]]:
    """Return the latest operation of each server; an empty list if one server has no ID."""
    ids = [each.get("id") or each.get("ID") for each in servers if isinstance(each, Mapping)]
    named = [each for each in ids if isinstance(each, str)]
    return [_latest(each, action) for each in named] if len(named) == len(servers) else []
