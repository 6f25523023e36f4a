"""Credentials of secret stores, networks and infrastructure as code."""

from typing import Final

from procoder_tutor.redaction.formats import Format, named

INFRASTRUCTURE: Final[tuple[Format, ...]] = (
    Format(
        "vault-token",
        "HashiCorp Vault",
        "service, batch or recovery token",
        r"\bhv[sbr]\.[0-9A-Za-z_-]{24,}",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    Format(
        "terraform-token",
        "HashiCorp",
        "HCP Terraform API token",
        r"[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_-]{60,}",
        "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    ),
    Format(
        "pulumi-token",
        "Pulumi",
        "access token",
        "pul-[0-9a-f]{40,}",
        "https://www.pulumi.com/docs/administration/access-identity/access-tokens/",
    ),
    Format(
        "doppler-token",
        "Doppler",
        "CLI, personal, service, account, SCIM or audit token",
        r"\bdp\.(?:ct|pt|st|sa|said|scim|audit)\.(?:[0-9a-z_-]{2,35}\.)?[0-9A-Za-z]{40,}",
        "https://docs.doppler.com/reference/auth-token-formats",
    ),
    Format(
        "tailscale-key",
        "Tailscale",
        "auth, API, client, SCIM or webhook key",
        "tskey-[a-z]+-[0-9A-Za-z]{6,}(?:-[0-9A-Za-z]{16,})?",
        "https://tailscale.com/kb/1277/key-prefixes",
    ),
    Format(
        "onepassword-token",
        "1Password",
        "service account token",
        "ops_eyJ[0-9A-Za-z_+/=-]{100,}",
        "https://developer.1password.com/docs/service-accounts/",
    ),
    Format(
        "prefect-key",
        "Prefect",
        "API key of a user or a service account",
        "pn[ub]_[0-9A-Za-z]{36,}",
        "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys",
    ),
    Format(
        "akamai-token",
        "Akamai",
        "EdgeGrid client or access token",
        r"\bakab-[0-9a-z]{16}-[0-9a-z]{16}\b",
        "https://techdocs.akamai.com/developer/docs/authenticate-with-edgegrid",
    ),
    Format(
        "wireguard-key",
        "WireGuard",
        "private or pre-shared key",
        named("PrivateKey|PresharedKey", "[0-9A-Za-z+/]{43}="),
        "https://man7.org/linux/man-pages/man8/wg.8.html",
    ),
    Format(
        "age-key",
        "age",
        "identity",
        "AGE-SECRET-KEY-1[0-9A-Z]{58,}",
        "https://github.com/C2SP/C2SP/blob/main/age.md",
    ),
    Format(
        "age-quantum-key",
        "age",
        "post-quantum identity",
        "AGE-SECRET-KEY-PQ-1[0-9A-Z]{58,}",
        "https://github.com/C2SP/C2SP/blob/main/age.md",
    ),
    Format(
        "json-web-token",
        "IETF",
        "JSON Web Token, signed or encrypted",
        r"\beyJ[0-9A-Za-z_-]{10,}\.(?:eyJ)?[0-9A-Za-z_-]{10,}(?:\.[0-9A-Za-z_-]*){0,2}\.[0-9A-Za-z_-]+",
        "https://www.rfc-editor.org/rfc/rfc7519",
    ),
)
