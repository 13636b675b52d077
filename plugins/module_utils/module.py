# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules share: the connection options, the way to a provider, and one ladder from error to fail_json.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import gc
import os
from datetime import datetime
from typing import Any, Callable, Dict, Iterable, List, Optional

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import auth, credentials
from .errors import GateError, InputError, LibraryMissing
from .operation import Operation, State, any_time
from .providers.base import Facts, Provider, Query, Reference, check_id, check_reference
from .providers.custom import DEFINITION_SPEC
from .providers.nova import NovaProvider
from .providers.registry import PROVIDERS, check_options, connect, facts_for

# What is imported lives as long as the process: kept from the garbage collector, a task starts and ends faster.
gc.disable()

AUTH_SPEC: Dict[str, Any] = {
    leaf: {"type": "str", "no_log": leaf in credentials.SECRETS} for leaf in credentials.ENVIRONMENT
}
AUTH_SPEC["project_name"]["aliases"] = ["tenant_name"]
AUTH_SPEC["project_id"]["aliases"] = ["tenant_id"]
AUTH_SPEC["access_key"]["aliases"] = ["ak"]
AUTH_SPEC["secret_key"]["aliases"] = ["sk"]

CONNECTION_SPEC: Dict[str, Any] = {
    "cloud": {"type": "str"},
    "auth_type": {"type": "str", "choices": [*credentials.AUTH_TYPES, *credentials.HEADERS]},
    "auth": {"type": "dict", "options": AUTH_SPEC},
    "region_name": {"type": "str"},
    "interface": {"type": "str", "choices": ["public", "internal", "admin"], "aliases": ["endpoint_type"]},
    "endpoint": {"type": "str"},
    "api_version": {"type": "str", "choices": ["v1", "v1.0", "v2", "v2.1"]},
    "hyperinstance": {"type": "bool", "default": False},
    "validate_certs": {"type": "bool", "aliases": ["verify"]},
    "ca_cert": {"type": "path", "aliases": ["cacert"]},
    "client_cert": {"type": "path", "aliases": ["cert"]},
    "client_key": {"type": "path", "aliases": ["key"], "no_log": False},
    "api_timeout": {"type": "int"},
    "raw": {"type": "bool", "default": False},
}
NOVA_PROVIDERS = tuple(name for name, facts in PROVIDERS.items() if facts.adapter is NovaProvider)
_NOT_WAITED = {"elapsed": 0.0, "polls": 0, "tolerated_errors": 0, "last_error": None}
# For the modules that know all providers.
PROVIDER_SPEC: Dict[str, Any] = {
    "service": {"type": "str"},
    "definition": {"type": "dict", "options": DEFINITION_SPEC},
}
OPERATION_SPEC: Dict[str, Any] = {
    "operation_id": {"type": "str", "aliases": ["request_id", "action_id"]},
    "resource_id": {"type": "str", "aliases": ["server_id"]},
}


class GateModule(AnsibleModule):
    """An AnsibleModule with the connection options. It reads only: check mode is the same, changed is never true."""

    def __init__(self, argument_spec: Dict[str, Any], providers: Iterable[str] = PROVIDERS, **kwargs: Any) -> None:
        spec = dict(CONNECTION_SPEC, provider={"type": "str", "required": True, "choices": sorted(providers)})
        super().__init__(argument_spec=dict(spec, **argument_spec), supports_check_mode=True, **kwargs)
        self._facts: Optional[Facts] = None
        self._login: Any = None
        self._provider: Optional[Provider] = None

    @property
    def facts(self) -> Facts:
        """What is known of the chosen provider before anything is sent."""
        if self._facts is None:
            self._facts = facts_for(self.params)
        return self._facts

    def reference(self, given: Dict[str, Any]) -> Reference:
        """Read what names an operation. Raises InputError."""
        return check_reference(
            self.facts.adapter,
            self.facts.name,
            Reference(
                operation_id=given.get("operation_id"),
                resource_id=given.get("resource_id"),
                latest=bool(given.get("latest")),
                action=given.get("action"),
                since=self.time(given, "since"),
                verify=given.get("verify"),
                client_request_id=given.get("client_request_id"),
                expect=given.get("expect"),
            ),
        )

    def _single(self) -> Dict[str, Any]:
        """The one operation that the options of the task name."""
        return {name: self.params[name] for name in OPERATION_SPEC}

    def time(self, given: Dict[str, Any], name: str) -> Optional[datetime]:
        """Read a time option. Raises InputError."""
        if given.get(name) is None:
            return None
        moment = any_time(given[name])
        if moment is None:
            raise InputError(f"{name} must be a time such as 2026-11-21T08:30:00Z, not {given[name]!r}.")
        return moment

    def query(self) -> Query:
        """Read what to list. Raises InputError."""
        adapter, given = self.facts.adapter, self.params
        if not adapter.lists:
            raise InputError(f"operation_id is missing: provider {self.facts.name} does not list operations.")
        filters = {name: value for name, value in (given.get("filters") or {}).items() if value is not None}
        if filters and not adapter.filters:
            raise InputError(f"filters cannot be used with provider {self.facts.name}.")
        if given["resource_id"] is not None:
            check_id("resource_id", given["resource_id"])
        elif adapter.needs_resource:
            raise InputError(f"resource_id is missing: provider {self.facts.name} lists the operations of a resource.")
        if given["limit"] is not None and given["limit"] < 1:
            raise InputError(f"limit must be 1 or more, not {given['limit']}.")
        since, before = self.time(given, "changes_since"), self.time(given, "changes_before")
        if since and before and since > before:
            raise InputError("changes_since is later than changes_before: no operation can match both.")
        return Query(
            resource_id=given.get("resource_id"),
            action=given.get("action"),
            limit=given["limit"],
            changes_since=since,
            changes_before=before,
            details=given["details"],
            filters={name: str(value).lower() if isinstance(value, bool) else value for name, value in filters.items()},
        )

    def look(self) -> Dict[str, Any]:
        """The work of the C(_info) modules: show the operation that is named, else list."""
        listed = ("limit", "changes_since", "changes_before", "filters", "action")
        if self.params["operation_id"] is not None:
            for name in listed:
                if self.params.get(name) is not None:
                    raise InputError(f"operation_id and {name} exclude each other: {name} is for listing.")
            reference = self.reference(self._single())
            return self.result([self.connect().show(reference)])
        query = self.query()
        return self.result(self.connect().list(query))

    def wait(self) -> Dict[str, Any]:
        """The work of C(wait_for_operation). In check mode it looks once."""
        from .waiter import Waiter, WaitOptions

        given = self.params
        named = [self._single()] if given["operations"] is None else given["operations"]
        references = [self.reference(each) for each in named]
        options = WaitOptions(**{field.name: given[field.name] for field in dataclasses.fields(WaitOptions)})
        options.check()
        if self.check_mode:
            options = dataclasses.replace(options, timeout=0, delay=0)
        self.log_in()
        outcome = Waiter(self.facts.name, lambda reference: self.connect().look(reference), options).wait(references)
        result = self.result(outcome.operations)
        result.update(
            succeeded=outcome.failure is None,
            elapsed=outcome.elapsed,
            polls=outcome.polls,
            tolerated_errors=outcome.tolerated_errors,
            last_error=outcome.last_error,
        )
        if outcome.failure and not (self.check_mode and outcome.failure["kind"] == "timeout"):
            result["failure"] = outcome.failure
        return result

    def log_in(self) -> None:
        """Check options and credentials; nothing is sent. Raises InputError and LibraryMissing."""
        check_options(self.facts, self.params)
        chosen = credentials.resolve(self.params, os.environ, self.facts.aksk)
        self._login = auth.log_in(chosen, mask=self.no_log_values.add)
        gc.freeze()
        gc.enable()

    def connect(self) -> Provider:
        """The provider, connected at the first call. Raises GateError; a transient one may be tried again."""
        if self._login is None:
            self.log_in()
        if self._provider is None:
            self._provider = connect(self.facts, self._login, self.params)
        return self._provider

    def result(self, operations: List[Operation]) -> Dict[str, Any]:
        """The keys that every result has, on success, failure and time-out."""
        raw = self.params["raw"]
        return {
            "operations": [each.as_dict(raw) for each in operations],
            "finished": all(each.terminal for each in operations),
            "succeeded": all(each.state == State.SUCCEEDED for each in operations),
            "failed_operations": [_brief(each) for each in operations if each.state == State.FAILED],
            "pending_operations": [_brief(each) for each in operations if not each.terminal],
            "requests": self._provider.client.requests if self._provider else 0,
            "reauthentications": self._provider.client.login.reauthentications if self._provider else 0,
        }

    def run(self, work: Callable[[GateModule], Dict[str, Any]]) -> None:
        """Do the work and exit with what it returns; every GateError becomes one sentence and a C(failure)."""
        try:
            result = work(self)
        except GateError as exc:
            why = dict(exc.as_dict(), operation=None)
            if isinstance(exc, LibraryMissing):
                why["message"] = missing_required_lib(exc.library, reason=exc.reason)
            result = dict(self.result([]), finished=False, succeeded=False, failure=why)
            if "wait_for" in self.params:
                result.update(_NOT_WAITED)
        gc.freeze()
        failure = result.get("failure")
        if failure and not (self.params.get("on_failure") == "report" and failure["kind"] in ("failed", "timeout")):
            self.fail_json(msg=failure["message"], **result)
        self.exit_json(changed=False, **result)


def _brief(operation: Operation) -> Dict[str, Any]:
    names = ("provider", "operation_id", "resource_id", "type", "state", "reason")
    return {name: getattr(operation, name) for name in names}
