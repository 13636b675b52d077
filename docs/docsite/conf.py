# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the site that `make docs` builds of the guides and of the modules' documentation."""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for the modules beside this file

from floors import draw  # noqa: E402

GALAXY = yaml.safe_load((HERE / "galaxy.yml").read_text(encoding="utf-8"))
FILES = f"{GALAXY['repository']}/tree/main"
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")

project = f"{GALAXY['namespace']}.{GALAXY['name']}"
copyright = "cloudgate contributors"
html_title = html_short_title = f"{project} {GALAXY['version']}"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
exclude_patterns = ["README.md"]  # it is the first page, index.md
myst_heading_anchors = 3  # as the forge makes them
html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "documentation_home_url": GALAXY["homepage"],
    "topbar_links": {
        "Galaxy": f"https://galaxy.ansible.com/ui/repo/published/{GALAXY['namespace']}/{GALAXY['name']}/",
        "GitHub": GALAXY["repository"],
        "Forum": "https://forum.ansible.com/tag/cloudgate",
    },
}
html_static_path = ["_site"]
html_css_files = ["site.css"]
UNRELEASED = any((HERE / "changelogs" / "fragments").glob("*.yml"))
html_context = {  # the theme shows it below the search box
    "nav_version": f"{GALAXY['version']}{' and later changes' if UNRELEASED else ''} · "
    f'<a href="{GALAXY["repository"]}/tags">other versions</a>'
}
html_show_sphinx = False
html_copy_source = False
pygments_style = "ansible"
highlight_language = "yaml+jinja"
default_role = "any"
nitpicky = True
# Where Ansible's own pages are is written down here and not fetched, so that the site builds without a network.
ANSIBLE = "https://docs.ansible.com/ansible/latest"
MODULE = re.compile(r"ansible_collections\.ansible\.builtin\.(\w+_module)")
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def link_to_files(app: Any, page: str, source: list[str]) -> None:
    """Let links to files that are no pages, such as a test, lead to the repository."""

    def lead(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), match.group(2)))
        if "://" in match.group(2) or (HERE / target).is_file():
            return match.group()
        return f"{match.group(1)}{FILES}/{target}{match.group(3)}"

    source[0] = LINK.sub(lead, source[0])


def draw_floors(app: Any, page: str, source: list[str]) -> None:
    """Show the floors of the architecture as a picture."""
    if page == "docs/architecture":
        source[0] = draw(source[0])


def link_to_ansible(app: Any, environment: Any, node: Any, content: Any) -> nodes.reference | None:
    """Lead a reference to something of Ansible's to its documentation."""
    label = node.get("reftarget", "")
    module = MODULE.fullmatch(label)
    page = f"collections/ansible/builtin/{module.group(1)}.html" if module else LABELS.get(label)
    return nodes.reference("", "", content, internal=False, refuri=f"{ANSIBLE}/{page}") if page else None


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", link_to_files)
    app.connect("source-read", draw_floors)
    app.connect("missing-reference", link_to_ansible)
