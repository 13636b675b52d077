# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # How to reach a cloud; the names are those of the openstack.cloud collection
    DOCUMENTATION = r"""
options:
  cloud:
    description:
      - A cloud of C(clouds.yaml), with its C(secure.yaml). The options of the task win over what is there. Environment
        variables do not change it.
      - With V(envvars), openstacksdk logs in with all C(OS_) variables of the environment, so with any E(OS_AUTH_TYPE).
      - Without any credentials in the task, the environment variable E(OS_CLOUD) names it, or it is the only cloud of
        the file that E(OS_CLIENT_CONFIG_FILE) names.
    type: str
  auth_type:
    description:
      - How to log in. By default it is detected from O(auth), then from E(OS_AUTH_TYPE) and the other environment
        variables. Other values of E(OS_AUTH_TYPE) are refused; see O(cloud).
      - V(aksk) signs each request with an access key, for the providers of Huawei Cloud and Open Telekom Cloud.
      - The names that begin with C(v3) mean the same as those without.
      - V(bearer) sends O(auth.token) and V(basic) sends O(auth.username) with O(auth.password) in the header
        C(Authorization), V(none) sends no credentials. All three are for provider V(custom) only, and take nothing from
        the environment.
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
      - none
  auth:
    description:
      - The credentials. What is not given is taken from the environment variables named below.
      - Secrets of the environment or of C(clouds.yaml) are sent only to hosts that the same source, its service catalog
        or the provider's documentation names, and to those in the environment variable E(CLOUDGATE_TRUSTED_HOSTS) of
        Ansible. Other hosts in O(auth.auth_url), O(auth.iam_endpoint) or O(endpoint) are refused.
    type: dict
    suboptions:
      auth_url:
        description: Keystone's URL, E(OS_AUTH_URL).
        type: str
      username:
        description: Name of the user, E(OS_USERNAME). At NTT ECL this is the API key.
        type: str
      user_id:
        description: Id of the user, E(OS_USER_ID).
        type: str
      password:
        description: The password, E(OS_PASSWORD). At NTT ECL this is the API secret key.
        type: str
      user_domain_name:
        description: Name of the user's domain, E(OS_USER_DOMAIN_NAME).
        type: str
      user_domain_id:
        description: Id of the user's domain, E(OS_USER_DOMAIN_ID).
        type: str
      project_name:
        description: Name of the project, E(OS_PROJECT_NAME) or E(OS_TENANT_NAME).
        type: str
        aliases: [tenant_name]
      project_id:
        description:
          - Id of the project, E(OS_PROJECT_ID), E(OS_TENANT_ID), E(HUAWEICLOUD_SDK_PROJECT_ID) or E(HW_PROJECT_ID).
          - With V(aksk) it is looked up by O(auth.project_name) or O(region_name) if it is not given.
        type: str
        aliases: [tenant_id]
      project_domain_name:
        description: Name of the project's domain, E(OS_PROJECT_DOMAIN_NAME); by default the user's.
        type: str
      project_domain_id:
        description: Id of the project's domain, E(OS_PROJECT_DOMAIN_ID); by default the user's.
        type: str
      token:
        description:
          - A token that is already there, E(OS_TOKEN) or E(OS_AUTH_TOKEN).
          - With O(endpoint) it is used as it is, else Keystone is asked for one of the project. A token of the
            environment is used as it is only at a host that the environment names.
        type: str
      application_credential_id:
        description: Id of an application credential, E(OS_APPLICATION_CREDENTIAL_ID).
        type: str
      application_credential_name:
        description: Its name, E(OS_APPLICATION_CREDENTIAL_NAME); needs the user too.
        type: str
      application_credential_secret:
        description: Its secret, E(OS_APPLICATION_CREDENTIAL_SECRET).
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
          - What belongs to a temporary access key, E(HUAWEICLOUD_SDK_SECURITY_TOKEN), E(HW_SECURITY_TOKEN) or
            E(OS_SECURITY_TOKEN).
        type: str
      iam_endpoint:
        description: Where the project is looked up with V(aksk), E(HUAWEICLOUD_SDK_IAM_ENDPOINT).
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
      - URL of the API, instead of the one in the catalog. The version and the project are added where it lacks them.
    type: str
  api_version:
    description:
      - Version of the API. Provider V(otc_ecs) has V(v2.1) and V(v2); the others have one at the most.
    type: str
    choices: [v1, v1.0, v2, v2.1]
  hyperinstance:
    description:
      - The resource is a hyperinstance. Provider V(huaweicloud_modelarts) only.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether to verify the TLS certificates, V(true) by default; E(OS_INSECURE) turns it off, except for O(cloud) and
        for the values V(bearer), V(basic) and V(none) of O(auth_type).
    type: bool
    aliases: [verify]
  ca_cert:
    description:
      - File with the certificates of the authorities to trust, E(OS_CACERT).
    type: path
    aliases: [cacert]
  client_cert:
    description:
      - File with the client's certificate, E(OS_CERT).
    type: path
    aliases: [cert]
  client_key:
    description:
      - File with its key, E(OS_KEY), if the certificate's file has none.
    type: path
    aliases: [key]
  api_timeout:
    description:
      - Seconds that a request may take to connect, and then until its answer has come as a whole; 30 by default.
    type: int
  raw:
    description:
      - Return the API's own answers too. They can hold what should not be seen, such as a request's body.
    type: bool
    default: false
requirements:
  - keystoneauth1
  - openstacksdk (for O(cloud))
  - huaweicloudsdkcore (for O(auth_type=aksk))
notes:
  - Environment variables are read where the module runs, so use C(environment) for a remote host.
  - E(CLOUDGATE_TRUSTED_HOSTS) lists exact hosts, such as C(nova.example.com:8774), separated by commas or spaces. It is
    also read on the controller, and ignored in C(environment).
  - Redirects are refused, as they would carry the credentials to another host.
"""
