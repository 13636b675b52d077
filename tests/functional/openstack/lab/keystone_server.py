# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Keystone v3 in one process: `init` makes its database, `serve` runs it.

Native threads (waitress), SQLite, fernet tokens.
"""

from __future__ import annotations

import os
import sys
import uuid

from lab import place, settings

ETC = settings.STATE / "etc"
REGION = "RegionOne"
BLIND = "blind"  # a role that Glance lists no images to
ACCOUNTS = (  # user, password, project, roles
    ("nova", "nova", "service", ("admin", "service")),
    ("demo", "demo", "demo", ("member", "reader")),
    ("demo_reader", "demo", "demo", ("reader",)),
    ("demo_blind", "demo_blind", "demo", ("member", "reader", BLIND)),
    ("other", "other", "other", ("member", "reader")),
)


def configure() -> None:
    """Load keystone.conf and bring the schema and the keys into being."""
    import keystone.conf
    from keystone.common import fernet_utils, sql
    from keystone.common.sql import upgrades

    keystone.conf.configure()
    sql.initialize()
    keystone.conf.set_default_for_default_log_levels()
    keystone.conf.CONF(args=[], project="keystone", default_config_files=[str(ETC / "keystone.conf")])
    keystone.conf.setup_logging()
    upgrades.offline_sync_database_to_version(version=None)
    keys = fernet_utils.FernetUtils(str(settings.STATE / "fernet"), 3, "fernet_tokens")
    keys.create_key_directory()
    keys.initialize_key_repository()


def bootstrap():
    """Create what `keystone-manage bootstrap` creates."""
    from keystone.cmd.bootstrap import Bootstrapper

    base = Bootstrapper()
    base.admin_username = base.admin_password = base.admin_role_name = "admin"
    base.project_name = "admin"
    base.service_name = "keystone"
    base.region_id = REGION
    base.immutable_roles = True
    base.public_url = base.internal_url = base.admin_url = place.KEYSTONE_URL + "/v3"
    base.bootstrap()
    return base


def create_accounts(base) -> None:
    """Create the projects and users of the tests."""
    from keystone.common.provider_api import ProviderAPIs

    roles = {
        "admin": base.admin_role_id,
        "member": base.member_role_id,
        "reader": base.reader_role_id,
        "service": base.service_role_id,
        BLIND: uuid.uuid4().hex,
    }
    ProviderAPIs.role_api.create_role(roles[BLIND], {"id": roles[BLIND], "name": BLIND, "domain_id": None})
    projects = {}
    for name in ("service", "demo", "other"):
        projects[name] = uuid.uuid4().hex
        project = {"id": projects[name], "name": name, "domain_id": "default", "enabled": True, "description": ""}
        ProviderAPIs.resource_api.create_project(projects[name], project)
    for name, password, project_name, role_names in ACCOUNTS:
        user = ProviderAPIs.identity_api.create_user(
            {"name": name, "password": password, "domain_id": "default", "enabled": True}
        )
        for role in role_names:
            grant(roles[role], user["id"], projects[project_name])
    for role in ("admin", "member"):
        grant(roles[role], base.admin_user_id, projects["demo"])


def grant(role: str, user: str, project: str) -> None:
    """Give a user a role in a project."""
    from keystone.common.provider_api import ProviderAPIs

    ProviderAPIs.assignment_api.create_grant(role, user_id=user, project_id=project)


def create_catalog() -> None:
    """Create the services and endpoints next to Keystone's own."""
    from keystone.common.provider_api import ProviderAPIs

    for kind, name, url in (
        ("compute", "nova", place.NOVA_URL + "/v2.1"),
        ("placement", "placement", place.PLACEMENT_URL),
        ("image", "glance", place.GLANCE_URL),
    ):
        service = {"id": uuid.uuid4().hex, "type": kind, "name": name, "enabled": True}
        ProviderAPIs.catalog_api.create_service(service["id"], service)
        for interface in ("public", "internal", "admin"):
            endpoint = {
                "id": uuid.uuid4().hex,
                "interface": interface,
                "service_id": service["id"],
                "url": url,
                "region_id": REGION,
                "enabled": True,
            }
            ProviderAPIs.catalog_api.create_endpoint(endpoint["id"], endpoint)


def init() -> None:
    """Make the database and the keys."""
    configure()
    create_accounts(bootstrap())
    create_catalog()


def serve() -> None:
    """Answer until the process is ended."""
    import waitress
    from keystone.server import wsgi

    server = waitress.create_server(
        wsgi.initialize_public_application(),
        host="127.0.0.1",
        port=settings.KEYSTONE_PORT,
        threads=4,
        ident="keystone",
    )
    (settings.STATE / "keystone.ready").touch()
    server.run()


if __name__ == "__main__":
    commands = {"init": init, "serve": serve}
    command = sys.argv.pop(1)
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(ETC)
    del sys.argv[1:]  # keystone parses the other arguments by itself
    commands[command]()
