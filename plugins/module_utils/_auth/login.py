# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a login that sends requests: to Keystone with keystoneauth1, for clouds.yaml with openstacksdk, or with AK/SK.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import TYPE_CHECKING, Any, Callable, Dict, FrozenSet, Mapping, Optional, Tuple

from .._model.errors import UNEXPECTED_DATA_ERRORS, InputError, LibraryMissing, ProtocolError
from . import clouds_yaml, kinds
from . import credentials as creds
from .catalog import why_missing
from .login_request import LoginRequest, RequestedTokens, filled, oauth2
from .plugins import basic_auth, header_auth, header_of, keystone_plugin
from .remedies import after_401
from .secret_values import secrets_in
from .signers import AkSkAuth
from .tokens import Tokens
from .trust import Host, hosts_of

if TYPE_CHECKING:
    from requests import Response

USER_AGENT = "cloudgate.operations"


class Login:
    """An authenticated session for all requests of a task to one cloud.

    auth: a plugin of keystoneauth1. requests_auth: an auth object of requests that authenticates each request.
    request: of a login that is no plugin.
    """

    def __init__(
        self,
        credentials: creds.Credentials,
        auth: Any,
        mask: Callable[[str], None],
        requests_auth: Any = None,
        region: Any = None,
        given: Optional[creds.Credentials] = None,
        request: Optional[LoginRequest] = None,
    ) -> None:
        from keystoneauth1 import session

        from .._http.session import BoundedSession

        _check_files(credentials)
        self.credentials = credentials
        self.signer = requests_auth if isinstance(requests_auth, AkSkAuth) else None
        self._auth = auth
        self._requests_auth = requests_auth
        self._region = region  # from clouds.yaml; it may name the endpoint of a service
        self._given = given or credentials  # without the settings of clouds.yaml
        source = credentials.source
        # At DEBUG it logs responses, which may contain secrets; ansible-rulebook enables DEBUG with -vv.
        logging.getLogger("keystoneauth.session").setLevel(logging.INFO)
        self._session = session.Session(
            auth=auth,
            session=BoundedSession(_masking_headers(mask), source.check_proxy if source else None),
            verify=credentials.verify,
            cert=credentials.cert,
            timeout=credentials.timeout,
            redirect=False,  # a redirect would send the token to another host
            user_agent=USER_AGENT,
        )
        self._tokens: Any = Tokens(auth, self._session, mask)
        if request:
            self._tokens = RequestedTokens(*self._login_request(request), mask, after_401(credentials.kind, None))

    @property
    def logins(self) -> int:
        """Number of tokens from Keystone."""
        return self._tokens.logins

    @property
    def reauthentications(self) -> int:
        """Number of token renewals."""
        return max(0, self.logins - 1)

    @property
    def project_id(self) -> Optional[str]:
        """The project of the login. If needed, this logs in."""
        known = self.signer.project_id if self.signer else self.credentials.auth.get("project_id")
        return known or (self._logged_in.get_project_id() if self._auth else None)

    @property
    def _logged_in(self) -> Any:
        """The session after a login through C(Tokens), which counts logins and masks tokens."""
        self._tokens.access()
        return self._session

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        """Return the endpoint in the service catalog; None if it has none, or without a catalog (AK/SK, token)."""
        if self.credentials.token_as_it_is:  # keystoneauth1 would return the given endpoint for every service
            return None
        try:
            return self._endpoint(service_types)
        except UNEXPECTED_DATA_ERRORS as exc:
            raise ProtocolError("The service catalog has an unexpected structure.") from exc

    def _endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        from keystoneauth1.exceptions import EndpointNotFound

        for service_type in service_types if self._auth else ():
            configured = self._region.get_endpoint(service_type) if self._region else None
            if configured:
                return clouds_yaml.fill_in(str(configured), self._identity)
            with contextlib.suppress(EndpointNotFound):
                url = self._logged_in.get_endpoint(**clouds_yaml.lookup_of(self._region, service_type, self._given))
                if url:
                    return url
        return None

    def why_no_endpoint(self, service_type: str) -> str:
        """Return why C(endpoint) found no endpoint in the catalog. Raises ProtocolError."""
        try:
            wanted = clouds_yaml.lookup_of(self._region, service_type, self._given)
            access = self._tokens.access()
            catalog = access.service_catalog if access else None
            services = dict(catalog.get_endpoints_data()) if catalog else {}
            # The catalog may list the service under another name than the requested one.
            own = catalog.get_endpoints_data(service_type=wanted["service_type"]) if catalog else {}
            services[wanted["service_type"]] = [each for endpoints in own.values() for each in endpoints]
            return why_missing(services, wanted)
        except UNEXPECTED_DATA_ERRORS as exc:
            raise ProtocolError("The service catalog has an unexpected structure.") from exc

    def _identity(self, name: str) -> Optional[str]:
        return self.project_id if name == "project_id" else self._logged_in.get_user_id()

    def catalog_hosts(self) -> FrozenSet[Host]:
        """Return the hosts in the service catalog; an empty set without one. Logs in.

        Raises ProtocolError and the errors of keystoneauth1.
        """
        access = self._tokens.access()
        try:
            catalog = access.service_catalog if access else None
            listed = catalog.normalize_catalog() if catalog else []
            return hosts_of(endpoint.get("url") for service in listed for endpoint in service["endpoints"])
        except UNEXPECTED_DATA_ERRORS as exc:
            raise ProtocolError("The service catalog has an unexpected structure.") from exc

    def send(self, url: str, headers: Mapping[str, str], body: Optional[Mapping[str, Any]] = None) -> Response:
        """GET a URL with the credentials, or POST a JSON body to it. After a 401, renew the token once and retry.

        Raises the errors of keystoneauth1.
        """
        token = self._tokens.headers()
        response = self._send(url, {**headers, **token}, body)
        if response.status_code == 401 and self._tokens.renew(token):
            response = self._send(url, {**headers, **self._tokens.headers()}, body)
        return response

    def _login_request(self, request: LoginRequest) -> Tuple[LoginRequest, str, Callable[[], Response]]:
        """Return the login request, its URL, and a function that sends it. The secrets go to this URL only."""
        auth = self.credentials.auth
        url = auth.get("token_url") or str(self.credentials.endpoint).rstrip("/") + "/" + request.path.lstrip("/")
        has_body = request.json is not None or request.form is not None

        def post() -> Response:
            return self._session.request(
                url,
                "POST",
                json=None if request.json is None else filled(request.json, auth),
                data=None if request.form is None else filled(request.form, auth),
                headers={"Accept": "application/json", **request.headers},
                authenticated=False,
                requests_auth=None if has_body else basic_auth(auth),
                raise_exc=False,
                log=False,
            )

        return request, url, post

    def _send(self, url: str, headers: Dict[str, str], body: Optional[Mapping[str, Any]]) -> Response:
        return self._session.request(
            url,
            "GET" if body is None else "POST",
            json=body,
            headers=headers,
            authenticated=False,  # headers contains the token
            requests_auth=self._requests_auth,
            raise_exc=False,
            log=False,
        )


def _check_files(credentials: creds.Credentials) -> None:
    """Refuse unreadable certificate files. Only CA certificates may be a folder. Raises InputError."""
    own = credentials.cert if isinstance(credentials.cert, tuple) else (credentials.cert,)
    for name, may_be_folder in ((credentials.verify, True), *((each, False) for each in own)):
        if not isinstance(name, str):
            continue
        if not os.path.exists(name):
            raise InputError(f"The certificate file {name} does not exist.")
        if not os.access(name, os.R_OK) or (os.path.isdir(name) and not may_be_folder):
            raise InputError(f"The certificate file {name} cannot be read.")


def _masking_headers(mask: Callable[[str], None]) -> Callable[[Any], Any]:
    """Return a no-op auth object of requests that masks tokens in headers, which some plugins do not expose."""

    def auth(request: Any) -> Any:
        for secret in secrets_in(request.headers):
            mask(secret.rpartition(" ")[2])  # without the scheme, such as Bearer
        return request

    return auth


def log_in(
    credentials: creds.Credentials, mask: Callable[[str], None], described: Optional[LoginRequest] = None
) -> Login:
    """Return the login, without sending a request.

    mask: called with each secret from a file, the environment or a login. described: the login of an API that the user
    describes. Raises InputError and LibraryMissing.
    """
    for secret in secrets_in(credentials.auth, within_auth=True):
        mask(secret)
    try:
        if credentials.kind == kinds.CLOUD:
            return _from_clouds_yaml(credentials, mask)
        if credentials.kind == kinds.AKSK:
            auth = credentials.auth
            signer = AkSkAuth(
                auth["access_key"], auth["secret_key"], auth.get("security_token"), auth.get("project_id")
            )
            return Login(credentials, None, mask, requests_auth=signer)
        if credentials.kind == kinds.OAUTH2:
            return Login(credentials, None, mask, request=oauth2(credentials.auth))
        if credentials.kind == kinds.LOGIN:
            return Login(credentials, None, mask, request=header_of(credentials.auth, _requested(described)))
        if credentials.kind in kinds.HEADERS:
            return Login(credentials, None, mask, requests_auth=header_auth(credentials, described or LoginRequest()))
        return Login(credentials, keystone_plugin(credentials), mask)
    except ImportError as exc:
        raise LibraryMissing("keystoneauth1", "to log in") from exc


def _requested(described: Optional[LoginRequest]) -> LoginRequest:
    if described is None or not described.path:
        raise InputError("definition.login.path is missing: auth_type login sends its request there.")
    return described


def _from_clouds_yaml(credentials: creds.Credentials, mask: Callable[[str], None]) -> Login:
    cloud = clouds_yaml.read(credentials)
    region, given = cloud.region, cloud.auth
    auth = {name: str(value) for name, value in given.items() if value}
    for secret in secrets_in(region.config):
        mask(secret)
    verify, cert = region.get_requests_verify_args()
    kind = kinds.AUTH_TYPES.get(region.config.get("auth_type") or kinds.PASSWORD)
    options = kinds.OPTIONS.get(kind or "", ()) + (kinds.SCOPES if kind in (kinds.PASSWORD, kinds.TOKEN) else ())
    auth = clouds_yaml.with_default_domain(auth)
    found = creds.Credentials(
        kind or kinds.CLOUD,
        {name: auth[name] for name in options if name in auth},
        cloud=credentials.cloud or str(region.name),
        region_name=credentials.region_name or region.region_name,
        interface=credentials.interface or region.config.get("interface"),
        endpoint=credentials.endpoint,
        verify=credentials.verify if credentials.verify_given or credentials.verify is not True else verify,
        cert=credentials.cert or cert,
        timeout=credentials.timeout,
        source=clouds_yaml.source_of(cloud, credentials.auth, options if kind else None, credentials.source),
    )
    if kind is None:  # another plugin of keystoneauth1, such as v3oidcpassword
        return Login(found, region.get_auth(), mask, region=region, given=credentials)
    try:
        found = creds.complete(found)
    except InputError as exc:
        raise InputError(f"clouds.yaml: {exc.message}") from exc
    return Login(creds.check_targets(found), keystone_plugin(found), mask, region=region, given=credentials)
