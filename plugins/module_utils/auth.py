# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From credentials to a login that sends requests: Keystone by keystoneauth1, clouds.yaml by openstacksdk, AK/SK.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple, cast
from urllib.parse import urlsplit

from . import credentials as creds
from .aksk import AkSkAuth
from .errors import ODD_SHAPE, InputError, LibraryMissing, ProtocolError
from .header_auth import HeaderAuth, basic, bearer
from .http_errors import is_url, shown_url
from .transport import ENCODING, BoundedAdapter

if TYPE_CHECKING:
    from requests import Response

USER_AGENT = "cloudgate.operations"
MAX_CONNECTIONS = 100  # kept alive to one host


class Login:
    """An authenticated session. All requests of a task go through one of these, so one login serves them all."""

    def __init__(
        self,
        credentials: creds.Credentials,
        auth: Any,
        mask: Callable[[str], None],
        signer: Any = None,
        region: Any = None,
    ) -> None:
        import requests
        from keystoneauth1 import session

        for path in (credentials.verify, credentials.cert):
            for name in path if isinstance(path, tuple) else (path,):
                if isinstance(name, str) and not os.path.exists(name):
                    raise InputError(f"The certificate file {name} does not exist.")
                is_folder = path is credentials.cert and isinstance(name, str) and os.path.isdir(name)
                if is_folder or (isinstance(name, str) and not os.access(name, os.R_OK)):
                    raise InputError(f"The certificate file {name} cannot be read.")
        self.credentials = credentials
        self.signer = signer
        self.logins = 0
        self._mask = mask
        self._auth = auth
        self._region = region  # of clouds.yaml, which may name the endpoint of a service
        self._lock = threading.Lock()  # one login serves all threads, and one renewal
        connections = requests.Session()
        # In place of no auth object at all, with which requests would send a password of .netrc.
        connections.auth = lambda request: request
        for scheme in list(connections.adapters):
            keeping = session.TCPKeepAliveAdapter(pool_maxsize=MAX_CONNECTIONS)
            connections.mount(scheme, cast(Any, BoundedAdapter(keeping)))
        connections.headers["Accept-Encoding"] = ENCODING
        once_per_host = _once_per_host(connections.merge_environment_settings)
        setattr(connections, "merge_environment_settings", once_per_host)  # noqa: B010 - mypy forbids the plain way
        # None is followed, but requests reads where it leads all the same, and breaks where that is no text.
        setattr(connections, "get_redirect_target", lambda _response: None)  # noqa: B010
        self._session = session.Session(
            auth=auth,
            session=connections,
            verify=credentials.verify,
            cert=credentials.cert,
            timeout=credentials.timeout,
            redirect=False,  # a redirect would carry the token to another host
            user_agent=USER_AGENT,
        )
        if hasattr(auth, "get_auth_ref"):
            self._get_auth_ref = auth.get_auth_ref
            auth.get_auth_ref = self._counted_auth_ref

    def _counted_auth_ref(self, session: Any, **kwargs: Any) -> Any:
        try:
            access = self._get_auth_ref(session, **kwargs)
            self.logins += 1
            if access is not None:  # what will be asked of it later: keystoneauth1 trusts that the answer is whole
                self._mask(access.auth_token)
                access.will_expire_soon()
                access.service_catalog.get_endpoints()
                _age_by_itself(access)
        except ODD_SHAPE as exc:
            raise ProtocolError("Keystone answered the login with JSON of another shape.") from exc
        return access

    @property
    def reauthentications(self) -> int:
        """How often the token had to be renewed."""
        return max(0, self.logins - 1)

    @property
    def project_id(self) -> Optional[str]:
        """The project that the login is for, asked from Keystone if need be."""
        known = self.signer.project_id if self.signer else self.credentials.auth.get("project_id")
        return known or (self._session.get_project_id() if self._auth else None)

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        """The endpoint in the service catalog; None when it has none, or when there is no catalog (AK/SK)."""
        try:
            return self._endpoint(service_types)
        except ODD_SHAPE as exc:
            raise ProtocolError("The service catalog cannot be read: it is of another shape.") from exc

    def _endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        from keystoneauth1.exceptions import EndpointNotFound

        for service_type in service_types if self._auth else ():
            configured = self._region.get_endpoint(service_type) if self._region else None
            with contextlib.suppress(EndpointNotFound):
                url = configured or self._session.get_endpoint(
                    service_type=service_type,
                    interface=self.credentials.interface or "public",
                    region_name=self.credentials.region_name,
                )
                if url:
                    return url
        return None

    def send(self, url: str, headers: Mapping[str, str]) -> Response:
        """GET a URL with the credentials. A 401 leads to one renewal of the token.

        Raises the errors of keystoneauth1.
        """
        token = self._token()
        response = self._get(url, {**headers, **token})
        if response.status_code == 401 and self._renew(token):
            response = self._get(url, {**headers, **self._token()})
        return response

    def _get(self, url: str, headers: Dict[str, str]) -> Response:
        return self._session.request(
            url,
            "GET",
            headers=headers,
            authenticated=False,  # the token is among the headers
            requests_auth=self.signer,
            raise_exc=False,
            redirect=False,
            log=False,
        )

    def _token(self) -> Dict[str, str]:
        """The header with the token, which is fetched or renewed in time; none with AK/SK."""
        with self._lock:
            return (self._session.get_auth_headers() or {}) if self._auth else {}

    def _renew(self, refused: Dict[str, str]) -> bool:
        """Drop the token that was refused, unless another thread has renewed it. False if there is no other to get."""
        if not self._auth:
            return False
        with self._lock:
            return (self._session.get_auth_headers() or {}) != refused or self._auth.invalidate()


def _age_by_itself(access: Any) -> None:
    """Let a token expire by its life and a clock that nobody sets: by a wrong date it would be too old at once."""
    with contextlib.suppress(*ODD_SHAPE):  # it does not tell its life
        life = (access.expires - access.issued).total_seconds()
        born = time.monotonic()

        def will_expire_soon(stale_duration: float = 30) -> bool:
            return time.monotonic() - born > life - min(stale_duration, life / 2)

        access.will_expire_soon = will_expire_soon


def _once_per_host(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Look up the proxies in the environment once, not for each of thousands of requests."""
    known: Dict[Any, Any] = {}

    def merged(url: str, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        key = (urlsplit(url)[:2], stream)
        if key not in known:
            known[key] = merge(url, proxies, stream, verify, cert)
        return known[key]

    return merged


def log_in(credentials: creds.Credentials, mask: Callable[[str], None]) -> Login:
    """Make the login; nothing is sent before the first request.

    mask: called with each secret that is not an option of the task (from a file, the environment, Keystone).
    Raises InputError and LibraryMissing.
    """
    for name in creds.SECRETS:
        if credentials.auth.get(name):
            mask(credentials.auth[name])
    try:
        if credentials.kind == creds.CLOUD:
            return _from_clouds_yaml(credentials, mask)
        if credentials.kind == creds.AKSK:
            auth = credentials.auth
            signer = AkSkAuth(
                auth["access_key"], auth["secret_key"], auth.get("security_token"), auth.get("project_id")
            )
            return Login(credentials, None, mask, signer=signer)
        if credentials.kind in creds.HEADERS:
            return Login(credentials, None, mask, signer=_header_auth(credentials, mask))
        return Login(credentials, _keystone_plugin(credentials), mask)
    except ImportError as exc:
        raise LibraryMissing("keystoneauth1", "to log in") from exc


def _header_auth(credentials: creds.Credentials, mask: Callable[[str], None]) -> HeaderAuth:
    header: Optional[str] = None
    if credentials.kind == creds.BEARER:
        header = bearer(credentials.auth["token"])
    elif credentials.kind == creds.BASIC:
        header = basic(credentials.auth["username"], credentials.auth["password"])
        mask(header.split()[1])
    return HeaderAuth(header)


def _keystone_plugin(credentials: creds.Credentials) -> Any:
    if credentials.kind == creds.TOKEN and credentials.endpoint:
        from keystoneauth1 import token_endpoint

        return token_endpoint.Token(credentials.endpoint, credentials.auth["token"])
    auth_url = credentials.auth.get("auth_url", "")
    if auth_url and not is_url(auth_url):
        raise InputError(f"auth.auth_url {shown_url(auth_url)} is no URL. Write it as https://host:port/v3.")
    from keystoneauth1.identity import v3

    plugin = {
        creds.PASSWORD: v3.Password,
        creds.APPLICATION_CREDENTIAL: v3.ApplicationCredential,
        creds.TOKEN: v3.Token,
    }[credentials.kind]
    return plugin(**credentials.auth)


def _from_clouds_yaml(credentials: creds.Credentials, mask: Callable[[str], None]) -> Login:
    region, given = _cloud_region(credentials)
    auth = {name: str(value) for name, value in given.items() if value}
    for name in creds.SECRETS:
        if name in auth:
            mask(auth[name])
    verify, cert = region.get_requests_verify_args()
    kind = creds.AUTH_TYPES.get(region.config.get("auth_type") or creds.PASSWORD)
    found = creds.Credentials(
        kind or creds.CLOUD,
        {name: auth[name] for name in creds.LEAVES.get(kind or "", ()) if name in auth},
        cloud=credentials.cloud,
        region_name=credentials.region_name or region.region_name,
        interface=credentials.interface or region.config.get("interface"),
        endpoint=credentials.endpoint,
        verify=verify if credentials.verify is True else credentials.verify,
        cert=credentials.cert or cert,
        timeout=credentials.timeout,
    )
    if kind is None:  # another plugin of keystoneauth1, such as v3oidcpassword
        return Login(found, region.get_auth(), mask, region=region)
    try:
        found = creds.complete(found)
    except InputError as exc:
        raise InputError(f"clouds.yaml: {exc.message}") from exc
    return Login(found, _keystone_plugin(found), mask, region=region)


def _cloud_region(credentials: creds.Credentials) -> Tuple[Any, Dict[str, Any]]:
    """The cloud as openstacksdk reads it from clouds.yaml, secure.yaml and the vendors' profiles; and its auth."""
    try:
        from keystoneauth1.exceptions import ClientException
        from openstack.config import OpenStackConfig
        from openstack.exceptions import SDKException
        from yaml import YAMLError
    except ImportError as exc:
        raise LibraryMissing("openstacksdk", "for cloud (clouds.yaml)") from exc
    # It warns with what the file holds where that is no YAML, and without any handler that goes to stderr.
    logging.getLogger("openstack.config").setLevel(logging.CRITICAL)
    options: Dict[str, Any] = {"auth": dict(credentials.auth)} if credentials.auth else {}
    try:
        region = None
        config = OpenStackConfig()
        if credentials.region_name:
            with contextlib.suppress(SDKException):  # a region that the file does not list
                region = config.get_one(cloud=credentials.cloud, region_name=credentials.region_name, **options)
        region = region or config.get_one(cloud=credentials.cloud, **options)
        return region, dict(region.config.get("auth") or {})
    # A file of another shape is met in as many ways.
    except (ClientException, SDKException, YAMLError, OSError, *ODD_SHAPE) as exc:
        name = f"cloud {credentials.cloud}" if credentials.cloud else "the file that OS_CLIENT_CONFIG_FILE names"
        raise InputError(f"clouds.yaml: {name} cannot be used: {' '.join(str(exc).split())}") from exc
