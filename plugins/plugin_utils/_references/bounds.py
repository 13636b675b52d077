# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a task that apply to all its operations, and bounds that exclude earlier operations. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._module.marks import marks_from

IDS = ("operation_id", "request_id", "action_id")
RESOURCES = ("resource_id", "server_id", "server")
BOUNDS = (*RESOURCES, "action", "since", "verify", "after")  # options that C(Bounds.of) reads


class Bounds(NamedTuple):
    """Values for operations that do not set their own.

    resource: option and value, for an entry that gives only an operation ID. action, since, marks: for a latest
    operation, so that no earlier one matches. verify: for each. check_mode: tasks started nothing, so a result may
    name no operation.
    """

    resource: Optional[Tuple[str, Any]] = None
    action: Any = None
    since: Any = None
    verify: Any = None
    marks: Optional[Tuple[Mapping[str, Any], ...]] = None
    check_mode: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any], provider: Optional[str] = None, check_mode: bool = False) -> Bounds:
        """Return the bounds in the options of a task. provider: required for the marks. Raises InputError."""
        known = {name: value for name, value in given.items() if value not in (None, "")}
        if "after" in known and "since" in known:
            raise InputError("after and since exclude each other: give one of them.")
        resource = next(((name, known[name]) for name in RESOURCES if name in known), None)
        marks = tuple(marks_from(known["after"], provider)) if "after" in known else None
        return cls(resource, known.get("action"), known.get("since"), known.get("verify"), marks, check_mode)

    def of_provider(self, provider: Any) -> Bounds:
        """Return the bounds for one group, without the marks of other providers."""
        marks = self.marks and tuple(each for each in self.marks if each["provider"] == provider)
        return self._replace(marks=marks)

    def fill(self, who: str, reference: Mapping[str, Any]) -> Dict[str, Any]:
        """Return the reference with its missing values. who: names it in an error. Raises InputError."""
        filled = dict(reference)
        if self.resource is not None:
            self._add_resource(who, filled, *self.resource)
        if filled.get("latest"):
            self._add_bound(who, filled)
        if filled.get("expect"):
            self._add_since(who, filled)
        if self.verify is not None:
            filled.setdefault("verify", self.verify)
        return filled

    @staticmethod
    def _add_resource(who: str, filled: Dict[str, Any], option: str, resource: Any) -> None:
        own = _first(filled, RESOURCES)
        if own is not None and str(own) != str(resource):
            raise InputError(f"{who} belongs to {own}, but {option} is {resource}. Remove {option}.")
        if own is None and _first(filled, IDS) is not None:
            filled["server" if option == "server" else "resource_id"] = resource

    def _add_bound(self, who: str, filled: Dict[str, Any]) -> None:
        if self.action is not None:
            filled.setdefault("action", self.action)
        resource = _first(filled, RESOURCES)
        mark = self._mark_of(who, resource)
        if mark and filled.get("known") is None:
            if filled.pop("server", None) is not None:
                filled["resource_id"] = mark["resource_id"]  # another server may have the name now
            filled["known"] = list(mark["known"])
            filled.update({} if filled.get("since") or not mark["since"] else {"since": mark["since"]})
        elif is_open(filled) and self.marks is not None:
            raise InputError(f"{who}: after has no record of {resource}. Run operation_info for it before the work.")
        elif is_open(filled) and self.since is not None:
            filled["since"] = self.since

    def _mark_of(self, who: str, resource: Any) -> Optional[Mapping[str, Any]]:
        """Return the only mark of a resource. Raises InputError for several: one may be of another cloud."""
        names = {str(resource)} if resource is not None else set()
        found = [each for each in self.marks or () if names & {str(each["resource_id"]), str(each["server"])}]
        if len(found) > 1:
            raise InputError(f"{who}: after has {len(found)} records of {resource}. Give only the one of this cloud.")
        return found[0] if found else None

    def _add_since(self, who: str, filled: Dict[str, Any]) -> None:
        if filled.get("since") is None and self.marks is not None:
            raise InputError(f"{who}: expect needs since instead of after, because a status is not an operation.")
        if filled.get("since") is None and self.since is not None:
            filled["since"] = self.since


UNBOUND = Bounds()


def is_open(reference: Mapping[str, Any]) -> bool:
    """Return whether an earlier operation could match. A resource has only one creation."""
    bounded = reference.get("since") or reference.get("known") is not None or reference.get("action") == "create"
    return bool(reference.get("latest") and not bounded)


def _first(reference: Mapping[str, Any], names: Tuple[str, ...]) -> Any:
    return next((reference[name] for name in names if reference.get(name) is not None), None)
