# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may see and change what in AWX, and which names may exist twice (tag 24.6.1 of its source).

- Only a superuser creates or changes credential types; every user sees them (CredentialTypeAccess inherits can_add and
  can_change of BaseAccess in awx/main/access.py).
- An administrator of an organization creates and changes what belongs to it (check_related in the same file). Of
  another organization, the administrator sees nothing.
- An execution environment is seen by its organization, and by everybody if it has none; then only a superuser changes
  it (ExecutionEnvironmentAccess). Its name is unique in all of AWX (CommonModel in awx/main/models/base.py), and its
  organization can be removed, but not replaced (ExecutionEnvironmentSerializer in awx/api/serializers.py).
- Credentials are unique by organization, name and type, inventories by name and organization (unique_together in
  awx/main/models/credential.py and inventory.py), templates and projects by name and organization
  (SOFT_UNIQUE_TOGETHER in awx/main/models/jobs.py, projects.py and workflow.py).
- The inputs of a credential type that is in use cannot be changed (CredentialTypeSerializer.validate), and the type
  cannot be deleted (CredentialTypeDetail.destroy in awx/api/views/__init__.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from awx.kinds import Item
from awx.rules import Refused

UNIQUE = {
    "organizations": ("name",),
    "credential_types": ("name", "kind"),
    "credentials": ("organization", "name", "credential_type"),
    "execution_environments": ("name",),
    "inventories": ("name", "organization"),
    "projects": ("name", "organization"),
    "job_templates": ("name", "organization"),
    "workflow_job_templates": ("name", "organization"),
    "workflow_job_template_nodes": ("identifier", "workflow_job_template"),
}


class Forbidden(Exception):
    """AWX would answer 403 with this text."""

    def __init__(self, text: str = "You do not have permission to perform this action.") -> None:
        super().__init__(text)


@dataclass(frozen=True)
class User:
    """A user of AWX: a superuser, or an administrator of the organization with this id."""

    organization: int | None = None

    @property
    def is_superuser(self) -> bool:
        """Return whether nothing is forbidden."""
        return self.organization is None

    def sees(self, kind: str, item: Item) -> bool:
        """Return whether the API shows this item to the user."""
        if self.is_superuser or kind == "credential_types":
            return True
        if kind == "organizations":
            return bool(item["id"] == self.organization)
        owner = item.get("organization")
        return bool(owner == self.organization or (owner is None and kind == "execution_environments"))

    def check_change(self, kind: str, *versions: Item) -> None:
        """Raise Forbidden for a change that the user may not make. versions: the item before, if any, and after."""
        if self.is_superuser:
            return
        if kind in ("credential_types", "organizations"):
            raise Forbidden
        if any(version.get("organization") != self.organization for version in versions):
            raise Forbidden


SUPERUSER = User()


def check_unique(kind: str, given: Item, others: Iterable[Item]) -> None:
    """Raises Refused if another item has the same name where AWX allows it once."""
    names = UNIQUE.get(kind, ())
    for other in others:
        if names and all(other.get(name) == given.get(name) for name in names):
            raise Refused(f"{kind} with this {' and '.join(names)} already exists.")


def check_type_change(there: Item, given: Item, in_use: bool) -> None:
    """Raises Forbidden for a change of a credential type that AWX does not allow."""
    if there.get("managed"):
        raise Forbidden("Modifications not allowed for managed credential types")
    if in_use and "inputs" in given and given["inputs"] != there["inputs"]:
        raise Forbidden("Modifications to inputs are not allowed for credential types that are in use")


def check_environment_change(there: Item, given: Item) -> None:
    """Raises Refused if an execution environment would get another organization."""
    wanted = given.get("organization")
    if wanted and wanted != there.get("organization"):
        raise Refused("Cannot change the organization of an execution environment")
