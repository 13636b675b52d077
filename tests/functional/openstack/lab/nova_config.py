# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load the configuration files of nova and placement."""

from __future__ import annotations

from nova import config, objects
from nova.conf import CONF
from oslo_config import cfg
from oslo_log import log as logging
from placement import conf as placement_options
from placement import db_api as placement_database

from lab import settings


def load_nova() -> None:
    """Load nova.conf into nova's global configuration."""
    objects.register_all()
    config.parse_args(["nova"], prog="nova", default_config_files=[str(settings.STATE / "etc/nova.conf")])
    logging.setup(CONF, "nova")


def load_placement() -> cfg.ConfigOpts:
    """Load placement.conf and point placement at its database."""
    options = cfg.ConfigOpts()
    placement_options.register_opts(options)
    options([], project="placement", default_config_files=[str(settings.STATE / "etc/placement.conf")])
    placement_database.configure(options)
    return options
