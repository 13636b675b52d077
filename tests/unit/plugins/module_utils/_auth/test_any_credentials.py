# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of every choice of credentials, whatever the options and the environment."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import (
    SETTINGS_ENVIRONMENT,
    Credentials,
    resolve,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.kinds import AUTH_TYPES, ENVIRONMENT, SECRETS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from hypothesis import given
from hypothesis import strategies as st

URL = "https://keystone.example.com/v3"


VARIABLES = [name for names in [*ENVIRONMENT.values(), *SETTINGS_ENVIRONMENT.values()] for name in names]
SECRET_VARIABLES = {name for option in SECRETS for name in ENVIRONMENT[option]}
SECRET = "hush-8f2c"
_words = st.sampled_from(["", "a", URL, "https://", "true", "é\n"])
_auth = st.fixed_dictionaries(
    {}, optional={option: st.just(SECRET) if option in SECRETS else st.none() | _words for option in ENVIRONMENT}
)
_params = st.fixed_dictionaries(
    {},
    optional={
        "auth": st.none() | _auth,
        "auth_type": st.none() | st.sampled_from(sorted(AUTH_TYPES)),
        "cloud": st.none() | _words,
        "endpoint": st.none() | _words | st.text(),
        "region_name": st.none() | _words,
        "interface": st.none() | st.sampled_from(["public", "internal", "admin"]),
        "validate_certs": st.none() | st.booleans(),
        "ca_cert": st.none() | _words,
        "client_cert": st.none() | _words,
        "client_key": st.none() | _words,
        "api_timeout": st.none() | st.integers(),
    },
)
_environ = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.just(SECRET) if name in SECRET_VARIABLES else _words for name in VARIABLES},
        **dict.fromkeys(("OS_CLOUD", "OS_CLIENT_CONFIG_FILE", "OS_AUTH_TYPE", "OS_INSECURE"), _words),
    },
)


def _resolved(arguments: Tuple[Dict[str, Any], Dict[str, str], bool]) -> str:
    """Return what a person could see: the text of the credentials or of the error."""
    try:
        chosen = resolve(*arguments)
    except InputError as exc:
        return f"{exc} {exc!r}"
    assert isinstance(chosen, Credentials)
    return f"{chosen} {chosen!r}"


@given(st.tuples(_params, _environ, st.booleans()))
def test_resolve_raises_nothing_else_and_shows_no_secret(
    arguments: Tuple[Dict[str, Any], Dict[str, str], bool],
) -> None:
    seen = _resolved(arguments)
    assert SECRET not in seen
    assert "\n" not in seen
