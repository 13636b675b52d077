# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base class of the modules: connection options, the connection to a provider, errors mapped to fail_json.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import traceback
from datetime import datetime
from typing import (
    Any,
    Callable,
    ContextManager,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
    TypeVar,
)

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._auth.masking import HIDDEN, Masking
from .._auth.secret_values import secrets_in_environment
from .._auth.shown_options import Examined
from .._auth.trust import seen_by_module
from .._model.errors import GateError, InputError, LibraryMissing, located, one_of
from .._model.operation import Operation
from .._model.reference import Query, Reference
from .._model.times import any_time
from .._polling.outcome import keeps_shut, summary
from .._providers.base import ProviderInfo
from .._providers.naming import check_reference, check_resource
from .._providers.registry import PROVIDERS
from . import garbage
from .argspec import CONNECTION_SPEC, OPERATION_SPEC
from .connection import Connection
from .definitions import with_named_definitions
from .marks import mark_of
from .number_options import read_durations
from .option_types import check_types
from .own_words import in_words_of, reworded

_Value = TypeVar("_Value")

UNREADABLE = "The options cannot be read: one has a value of the wrong type, such as a number for auth."
_MODULE_NAME = "_ansible_module_name"  # set by Ansible in each task, and part of its error messages


class GateModule(AnsibleModule):
    """An AnsibleModule with the connection options. It only reads, so C(changed) is never true."""

    _INTERNAL: Tuple[str, ...] = ("_environment",)  # arguments that the action plugins add
    no_log_values: Set[str]
    _given: Optional[Examined] = None  # the options, until validation
    _read = False
    _shown: Any = HIDDEN

    def __init__(
        self, argument_spec: Dict[str, Any], providers: Iterable[str] = PROVIDERS, required: bool = True, **kwargs: Any
    ) -> None:
        garbage.pause()
        spec = dict(CONNECTION_SPEC, raw={"type": "bool", "default": False})
        spec["provider"] = {"type": "str", "required": required, "choices": sorted(providers)}
        self._masking = Masking()
        try:
            super().__init__(argument_spec=dict(spec, **argument_spec), supports_check_mode=True, **kwargs)
            read_durations(self.params, self.argument_spec)
        except Exception as exc:
            if not self._read and not isinstance(exc, RecursionError):
                raise
            # One of Ansible's own checks failed; its text may contain a secret.
            said = self._masking.clean(exc.message) if isinstance(exc, InputError) else UNREADABLE
            sys.stdout.write(json.dumps({"failed": True, "msg": said}))
            raise SystemExit(1) from None
        self._given = None
        self._shown = Examined(self.params, self.argument_spec).shown
        for secret in secrets_in_environment(os.environ):
            self.mask(secret)
        if self.params["provider"]:
            self._connection = self.connection(self.params)

    def _load_params(self) -> None:
        """Load the options, and find their secrets before validation, whose errors quote values."""
        super()._load_params()
        self._read = True
        self.internal = {name: self.params.pop(name) for name in self._INTERNAL if name in self.params}
        self.params.update(with_named_definitions(self.params))
        given = {name: value for name, value in self.params.items() if name != _MODULE_NAME}
        self._given = Examined(given, self.argument_spec)
        self._shown = self._given.shown
        for secret in self._given.secrets:
            self.mask(secret)
        check_types(self.params, self.argument_spec)

    def exit_json(self, **kwargs: Any) -> None:
        """Exit with a result without secrets."""
        super().exit_json(**self._without_secrets(kwargs))

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        """Fail with a result without secrets."""
        said = self._given.refusal(str(msg)) if self._given else str(msg)
        super().fail_json(**self._without_secrets(dict(kwargs, msg=said)))

    def _without_secrets(self, result: Dict[str, Any]) -> Dict[str, Any]:
        """Mask the result. Outside of the options, secrets that are too short to be distinctive stay."""
        shown = {name: value for name, value in self._shown.items() if not name.startswith("_ansible_")}
        masked = self.masked(dict(result, invocation={"module_args": shown}))
        self.no_log_values = set(self._masking.encodings)
        return masked

    def masked(self, value: Any) -> Any:
        """Return the data without secrets."""
        self._masking.add(*map(str, self.no_log_values - self._masking.encodings))  # from Ansible
        return self._masking.clean(value)

    def mask(self, secret: str) -> None:
        """Mask a secret in all encodings from now on."""
        known = self._masking.encodings
        self._masking.add(secret)
        if self._masking.encodings is not known:  # Ansible masks its own additions: warnings, tracebacks, syslog
            self.no_log_values = set(self.no_log_values) | self._masking.encodings

    def _log_invocation(self) -> None:
        """Log only the names of the options, because Ansible would log all of C(auth)."""
        self.log("Invoked with the options " + ", ".join(sorted(n for n, v in self.params.items() if v is not None)))

    def connection(
        self, options: Mapping[str, Any], rate_limit: Callable[[], None] = lambda: None, place: str = ""
    ) -> Connection:
        """Return the connection to a provider with these options, without sending a request."""
        environ, set_by_task = seen_by_module(os.environ, self.internal.get("_environment"))
        return Connection(options, environ, self.mask, rate_limit, set_by_task, place)

    def single(self) -> Dict[str, Any]:
        """Return the task's options for a single operation."""
        return {name: self.params.get(name) for name in (*OPERATION_SPEC, "expect")}

    def query(self) -> Query:
        """Return the query for a list. Raises InputError."""
        info, given = self._connection.info, self.params
        if not info.capabilities.lists:
            raise InputError(f"operation_id is missing: provider {info.name} does not list operations.")
        filters = {name: value for name, value in (given.get("filters") or {}).items() if value is not None}
        if filters and not info.capabilities.filters:
            raise InputError(f"filters cannot be used with provider {info.name}.")
        resource_id, server = check_resource(info, given["resource_id"], given["server"])
        if resource_id is None and server is None and info.capabilities.needs_resource:
            raise InputError(f"resource_id is missing: provider {info.name} lists the operations of a resource.")
        if given["limit"] is not None and given["limit"] < 1:
            raise InputError(f"limit must be 1 or more, not {given['limit']}.")
        since, before = time_option(given, "changes_since"), time_option(given, "changes_before")
        if since and before and since > before:
            raise InputError("changes_since is later than changes_before: no operation can match both.")
        return Query(
            resource_id=resource_id,
            server=server,
            action=given.get("action"),
            limit=given["limit"],
            changes_since=since,
            changes_before=before,
            details=given["details"],
            filters={name: str(value).lower() if isinstance(value, bool) else value for name, value in filters.items()},
        )

    def read(self) -> Dict[str, Any]:
        """Run an C(_info) module: read the given operation, or list operations."""
        listed = ("limit", "changes_since", "changes_before", "filters", "action")
        ways = [name for name in ("operation_id", "expect") if self.params.get(name) is not None]
        if ways or self._connection.info.capabilities.only_expects:
            for name in listed if ways else ():
                if self.params.get(name) is not None:
                    raise InputError(f"{ways[0]} and {name} exclude each other: {name} is for lists.")
            reference = reference_from(self._connection.info, self.single())
            provider = self._connection.provider()
            if reference.server:
                reference = reference.with_id(provider.resource_named(reference.server))
            found = provider.read(reference) if reference.expect else provider.show(reference)
            return self.result([found] if found else [])
        query = self.query()
        provider = self._connection.provider()
        server = query.server
        if server:
            query = dataclasses.replace(query, resource_id=provider.resource_named(server), server=None)
        operations = provider.list(query)
        result = self.result(operations)
        whole = query.limit is None or len(operations) < query.limit  # else a missing older one would count as new
        if query.resource_id and whole and query == Query(query.resource_id, limit=query.limit, details=query.details):
            result["mark"] = mark_of(self._connection.info.name, query.resource_id, operations, server)
        return result

    def note(self) -> Dict[str, Any]:
        """Record which operations each resource has so far. With Nova, a server can be given by its name."""
        info, given = self._connection.info, self.params["resources"]
        if not info.capabilities.lists:
            raise InputError(f"resources cannot be used with provider {info.name}: its API does not list operations.")
        checked = []
        for place, name in _located("resource", given):
            with place:
                checked.append(check_resource(info, *((None, name) if info.capabilities.names else (name, None))))
        marks = []
        for place, (resource_id, server) in _located("resource", checked):
            with place:
                provider = self._connection.provider()
                resource_id = resource_id or provider.resource_named(str(server))
                marks.append(mark_of(info.name, resource_id, provider.list(Query(resource_id, details=False)), server))
        return dict(self.result([]), marks=marks)

    def result(self, operations: List[Operation]) -> Dict[str, Any]:
        """Return the keys of every result, on success and on failure."""
        sent = {"requests": self._connection.requests, "reauthentications": self._connection.reauthentications}
        return dict(summary(operations, self.params["raw"]), **sent)

    def run(self, work: Callable[[GateModule], Dict[str, Any]]) -> None:
        """Run the module and exit with its result. A GateError becomes C(msg) and C(failure)."""
        try:
            result = work(self)
        except GateError as exc:
            if isinstance(exc, InputError):
                exc.message = reworded(exc.message, self.params, self.argument_spec)
            why = dict(exc.as_dict(), operation=None)
            if isinstance(exc, LibraryMissing):
                why["message"] = missing_required_lib(exc.library, reason=exc.reason)
            result = dict(self.result([]), finished=False, succeeded=False, failure=why)
        except Exception as exc:  # noqa: BLE001 - a defect, whose text may contain a secret that fail_json masks
            said = f"This is a defect of the collection: {type(exc).__name__}: {exc}"
            self.fail_json(msg=said, exception=traceback.format_exc())
        garbage.leave_all()
        for sentence in result.pop("warnings", []):
            self.warn(sentence)
        failure = result.get("failure")
        if failure and keeps_shut(failure, self.params.get("on_failure")):
            self.fail_json(msg=failure["message"], **result)
        self.exit_json(changed=False, **result)


def time_option(given: Mapping[str, Any], name: str) -> Optional[datetime]:
    """Parse a time option. Raises InputError."""
    if given.get(name) is None:
        return None
    moment = any_time(given[name])
    if moment is None:
        raise InputError(f"{name} must be a time such as 2026-11-21T08:30:00Z.")
    return moment


def references_to(info: ProviderInfo, named: Sequence[Mapping[str, Any]]) -> List[Reference]:
    """Return the references to several operations. Raises InputError with the number of the operation."""
    references = []
    for place, given in _located("operation", named):
        with place, in_words_of(given, OPERATION_SPEC):
            references.append(reference_from(info, given))
    return references


def _located(what: str, values: Sequence[_Value]) -> Iterator[Tuple[ContextManager[None], _Value]]:
    """Yield each value with a context that adds its number to an InputError."""
    for number, value in enumerate(values, start=1):
        yield located(one_of(what, number, len(values))), value


def reference_from(info: ProviderInfo, given: Mapping[str, Any]) -> Reference:
    """Return the reference for these options. Raises InputError."""
    reference = Reference(
        operation_id=given.get("operation_id"),
        resource_id=given.get("resource_id"),
        latest=bool(given.get("latest")),
        action=given.get("action"),
        since=time_option(given, "since"),
        verify=given.get("verify"),
        client_request_id=given.get("client_request_id"),
        expect=_status_named(given.get("expect"), info.capabilities.expects),
        reservation_id=given.get("reservation_id"),
        min_count=given.get("min_count"),
        known=None if given.get("known") is None else tuple(given["known"]),
        server=given.get("server"),
    )
    if reference.reservation_id and not info.reservations:
        raise InputError(f"reservation_id cannot be used with provider {info.name}: only openstack has reservations.")
    return check_reference(info, reference)


def _status_named(value: Optional[str], statuses: Sequence[str]) -> Optional[str]:
    """Return the status that a value names in any case, else the value."""
    return next((status for status in statuses if value and status.lower() == value.lower()), value)
