# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection openstack.cloud from the community bundle: pip reaches its index where Galaxy cannot be reached."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

import nox
from places import CACHE

BUNDLE = "ansible==14.5.0"  # has openstack.cloud 2.6.0; older ones do not start with a new openstacksdk
BUNDLE_PYTHON = "3.12"  # the oldest that the bundle is for
_INSIDE = "ansible_collections/openstack/"


def provide(session: nox.Session) -> Path:
    """Return the folder that has the collection in C(ansible_collections), and its package beside that; made once."""
    folder = CACHE / f"openstack.cloud-{BUNDLE.rpartition('=')[2]}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            made = Path(temporary, "made")
            _make(session, Path(temporary), made)
            if not folder.exists():  # another step may have been faster
                made.rename(folder)
    return folder


def package(session: nox.Session) -> Path:
    """Return the collection's package, as C(ansible-galaxy collection install) takes it."""
    return next(provide(session).glob("openstack-cloud-*.tar.gz"))


def _make(session: nox.Session, downloads: Path, target: Path) -> None:
    wanted = ["--no-deps", "--only-binary", ":all:", "--python-version", BUNDLE_PYTHON, "--dest", str(downloads)]
    session.run("python", "-m", "pip", "download", "--quiet", *wanted, BUNDLE)
    with zipfile.ZipFile(next(downloads.glob("*.whl"))) as bundle:
        bundle.extractall(target, [name for name in bundle.namelist() if name.startswith(_INSIDE)])
    collection = target / _INSIDE / "cloud"
    described = json.loads((collection / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    known = {key: value for key, value in described.items() if value}
    (collection / "galaxy.yml").write_text(json.dumps(known), encoding="utf-8")  # JSON is YAML
    with session.chdir(collection):
        session.run("ansible-galaxy", "collection", "build", "--output-path", str(target))
    (collection / "galaxy.yml").unlink()
