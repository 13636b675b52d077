# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Connection options, with the names of the openstack.cloud collection
    DOCUMENTATION = r"""
options:
  cloud:
    description:
      - Name of a cloud in C(clouds.yaml) and C(secure.yaml). Options of the task override the files. Environment
        variables do not.
      - With V(envvars), openstacksdk logs in with all C(OS_) environment variables, and supports any E(OS_AUTH_TYPE).
      - If the task has no credentials, E(OS_CLOUD) names the cloud. If that is not set, the module uses the only cloud
        in the file named by E(OS_CLIENT_CONFIG_FILE).
    type: str
  auth_type:
    description:
      - How to log in. By default it is detected from O(auth), then from E(OS_AUTH_TYPE) and the other environment
        variables. If E(OS_AUTH_TYPE) has another value, the task fails; see O(cloud).
      - V(aksk) signs each request with an access key, for the providers of Huawei Cloud and Open Telekom Cloud.
      - Names with C(v3) mean the same as names without it.
      - V(bearer) sends O(auth.token) in the header C(Authorization). V(basic) sends O(auth.username) and
        O(auth.password). V(none) sends no credentials.
      - V(header) sends O(auth.prefix) and O(auth.token) in the header O(auth.header).
      - V(login) gets a token with O(auth.username) and O(auth.password) as the definition's C(login) describes, and
        renews it when it expires.
      - V(oauth2) gets a token with OAuth2 client credentials from O(auth.token_url), and renews it when it expires.
      - V(bearer) and all kinds after it are for provider V(custom) only, and ignore the environment.
    type: str
    choices:
      - password
      - v3password
      - application_credential
      - v3applicationcredential
      - token
      - v3token
      - aksk
      - bearer
      - basic
      - header
      - login
      - oauth2
      - none
  auth:
    description:
      - The credentials. Each option overrides the environment variables named below.
      - The module sends secrets from the environment or from C(clouds.yaml) only to hosts that the same source, its
        service catalog or the provider's documentation names, and to hosts in Ansible's environment variable
        E(CLOUDGATE_TRUSTED_HOSTS). The task fails for other hosts in O(auth.auth_url), O(auth.iam_endpoint) or
        O(endpoint).
    type: dict
    suboptions:
      auth_url:
        description: Keystone's URL, E(OS_AUTH_URL).
        type: str
      username:
        description: Name of the user, E(OS_USERNAME). At NTT ECL this is the API key.
        type: str
      user_id:
        description: ID of the user, E(OS_USER_ID).
        type: str
      password:
        description: The password, E(OS_PASSWORD). At NTT ECL this is the API secret key.
        type: str
      user_domain_name:
        description: Name of the user's domain, E(OS_USER_DOMAIN_NAME).
        type: str
      user_domain_id:
        description: ID of the user's domain, E(OS_USER_DOMAIN_ID).
        type: str
      project_name:
        description: Name of the project, E(OS_PROJECT_NAME) or E(OS_TENANT_NAME).
        type: str
        aliases: [tenant_name]
      project_id:
        description:
          - ID of the project, E(OS_PROJECT_ID), E(OS_TENANT_ID), E(HUAWEICLOUD_SDK_PROJECT_ID) or E(HW_PROJECT_ID).
          - With V(aksk), the module finds it by O(auth.project_name) or O(region_name) if you do not set it.
        type: str
        aliases: [tenant_id]
      project_domain_name:
        description: Name of the project's domain, E(OS_PROJECT_DOMAIN_NAME). By default, the user's domain.
        type: str
      project_domain_id:
        description: ID of the project's domain, E(OS_PROJECT_DOMAIN_ID). By default, the user's domain.
        type: str
      token:
        description:
          - An existing token, E(OS_TOKEN) or E(OS_AUTH_TOKEN).
          - With O(endpoint), the module sends this token to the API. Otherwise it gets a token of the project from
            Keystone. It sends a token from the environment only to hosts that the environment names.
        type: str
      application_credential_id:
        description: ID of an application credential, E(OS_APPLICATION_CREDENTIAL_ID).
        type: str
      application_credential_name:
        description: Name of an application credential, E(OS_APPLICATION_CREDENTIAL_NAME). Requires the user as well.
        type: str
      application_credential_secret:
        description: Secret of the application credential, E(OS_APPLICATION_CREDENTIAL_SECRET).
        type: str
      access_key:
        description: The access key, E(HUAWEICLOUD_SDK_AK), E(HW_ACCESS_KEY) or E(OS_ACCESS_KEY).
        type: str
        aliases: [ak]
      secret_key:
        description: The secret key, E(HUAWEICLOUD_SDK_SK), E(HW_SECRET_KEY) or E(OS_SECRET_KEY).
        type: str
        aliases: [sk]
      security_token:
        description:
          - Security token of a temporary access key, E(HUAWEICLOUD_SDK_SECURITY_TOKEN), E(HW_SECURITY_TOKEN) or
            E(OS_SECURITY_TOKEN).
        type: str
      iam_endpoint:
        description: URL of IAM, to find the project with V(aksk), E(HUAWEICLOUD_SDK_IAM_ENDPOINT).
        type: str
      header:
        description:
          - Header for the secret with V(header) and V(login), such as V(PRIVATE-TOKEN). By default, the one of the
            definition's C(login), else C(Authorization).
        type: str
      prefix:
        description: Text before the secret in the header, such as V(PVEAPIToken=), with a space at its end if needed.
        type: str
      token_url:
        description: URL that gives tokens, for V(oauth2).
        type: str
      client_id:
        description: ID of the client, for V(oauth2).
        type: str
      client_secret:
        description: Secret of the client, for V(oauth2).
        type: str
      scope:
        description: Scope of the token, for V(oauth2), such as V(https://management.azure.com/.default).
        type: str
  region_name:
    description:
      - The region, E(OS_REGION_NAME) or E(HW_REGION_NAME).
    type: str
  interface:
    description:
      - Which endpoint of the catalog to use, E(OS_INTERFACE); V(public) by default.
    type: str
    choices: [public, internal, admin]
    aliases: [endpoint_type]
  endpoint:
    description:
      - URL of the API, instead of the one in the catalog. The module adds the version and the project if they are
        missing.
    type: str
  allow_http:
    description:
      - Whether the values V(header), V(login) and V(oauth2) of O(auth_type) may send the secret without TLS to another
        host. Anybody on the network can read it there.
    type: bool
  api_version:
    description:
      - Version of the API. Provider V(otc_ecs) supports V(v2.1) and V(v2). The others support at most one.
    type: str
    choices: [v1, v1.0, v2, v2.1]
  hyperinstance:
    description:
      - Whether the resource is a hyperinstance. Provider V(huaweicloud_modelarts) only.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether to verify TLS certificates, V(true) by default. E(OS_INSECURE) disables verification, except for
        O(cloud) and for the values of O(auth_type) that are for provider V(custom) only.
    type: bool
    aliases: [verify]
  ca_cert:
    description:
      - File or folder with trusted CA certificates, E(OS_CACERT).
    type: path
    aliases: [cacert]
  client_cert:
    description:
      - File with the client certificate, E(OS_CERT).
    type: path
    aliases: [cert]
  client_key:
    description:
      - File with the client certificate's private key, E(OS_KEY), if O(client_cert) does not contain it.
    type: path
    aliases: [key]
  api_timeout:
    description:
      - Maximum time to connect, and then for the complete response, in seconds or as text such as V(2m). 30 by default.
    type: raw
  raw:
    description:
      - Return the API's responses as well. They may contain confidential data, such as a request body.
    type: bool
    default: false
requirements:
  - keystoneauth1
  - openstacksdk (for O(cloud))
  - huaweicloudsdkcore (for O(auth_type=aksk))
notes:
  - The module reads environment variables on the host where it runs. Set them with C(environment) for a remote host.
  - E(CLOUDGATE_TRUSTED_HOSTS) lists exact hosts, such as C(nova.example.com:8774), separated by commas or spaces. It is
    also read on the controller, and ignored in C(environment).
  - The module does not follow redirects, which would send the credentials to another host.
"""
