# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read connection options other than credentials: from the task first, then from the environment. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from .._model.errors import InputError

SETTINGS_ENVIRONMENT: Dict[str, Tuple[str, ...]] = {
    "region_name": ("OS_REGION_NAME", "HW_REGION_NAME"),
    "interface": ("OS_INTERFACE", "OS_ENDPOINT_TYPE"),
    "ca_cert": ("OS_CACERT",),
    "client_cert": ("OS_CERT",),
    "client_key": ("OS_KEY",),
}
_PLAIN_URL = re.compile(r"[^\s?#@\x00-\x20\x7f]+")
_MAX_TIMEOUT = 86400  # seconds; sockets support at most 24 days


def settings_of(params: Mapping[str, Any], environ: Mapping[str, str]) -> Dict[str, Any]:
    """Return the settings of a login. environ: empty if the environment is ignored. Raises InputError."""
    value = {name: params.get(name) or first_value(environ, names) for name, names in SETTINGS_ENVIRONMENT.items()}
    if value["client_key"] and not value["client_cert"]:
        raise InputError("client_key is given without client_cert: give both, or the certificate alone.")
    verify = params.get("validate_certs")
    if verify is None and not params.get("ca_cert"):  # ca_cert implies verification
        verify = environ.get("OS_INSECURE", "").lower() not in ("1", "true", "yes", "on")
    timeout = params.get("api_timeout")
    if timeout is not None and not 0 < timeout <= _MAX_TIMEOUT:
        raise InputError(f"api_timeout must be more than 0 and at most {_MAX_TIMEOUT} seconds, not {timeout}.")
    endpoint = params.get("endpoint")
    if endpoint:
        check_url("endpoint", endpoint)
    return {
        "region_name": value["region_name"],
        "interface": value["interface"] and value["interface"].replace("URL", ""),  # as in publicURL
        "endpoint": endpoint,
        "verify": False if verify is False else value["ca_cert"] or True,
        "verify_given": params.get("validate_certs") is not None,
        "cert": (value["client_cert"], value["client_key"]) if value["client_key"] else value["client_cert"],
        "timeout": timeout or 30.0,
    }


def check_url(name: str, url: str) -> None:
    """Refuse any value that is not an absolute http or https URL. Raises InputError, which contains no password."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise InputError(f"{name} must be a full URL, such as https://compute.example.com/v2.1.")
    if not _PLAIN_URL.fullmatch(url):
        raise InputError(f"{name} must not contain a query, a fragment, a user, spaces or control characters.")


def first_set(environ: Mapping[str, str], names: Tuple[str, ...]) -> str:
    """Return the first of these variables that is set; "" if none is."""
    return next((name for name in names if environ.get(name)), "")


def first_value(environ: Mapping[str, str], names: Tuple[str, ...]) -> Optional[str]:
    """Return the value of the first of these variables that is set."""
    return environ.get(first_set(environ, names)) or None
