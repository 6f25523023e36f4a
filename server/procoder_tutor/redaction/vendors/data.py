"""Credentials of databases, search and data platforms."""

from typing import Final

from procoder_tutor.redaction.formats import Format, named

DATA: Final[tuple[Format, ...]] = (
    Format(
        "planetscale-token",
        "PlanetScale",
        "service or OAuth token",
        "pscale_(?:tkn|oauth)_[0-9A-Za-z_.=-]{31,}[0-9A-Za-z_-]",
        "https://planetscale.com/docs/api/reference/service-tokens",
    ),
    Format(
        "planetscale-password",
        "PlanetScale",
        "database password",
        "pscale_pw_[0-9A-Za-z_.=-]{31,}[0-9A-Za-z_-]",
        "https://planetscale.com/docs/concepts/connection-strings",
    ),
    Format(
        "supabase-token",
        "Supabase",
        "personal access token",
        r"\bsbp_[0-9a-f]{40,}",
        "https://supabase.com/docs/guides/platform/access-control",
    ),
    Format(
        "supabase-key",
        "Supabase",
        "secret API key",
        r"\bsb_secret_[0-9A-Za-z_-]{20,}",
        "https://supabase.com/docs/guides/api/api-keys",
    ),
    Format(
        "databricks-token",
        "Databricks",
        "personal access token",
        r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b",
        "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
    ),
    Format(
        "aiven-password",
        "Aiven",
        "service password",
        r"\bAVNS_[0-9A-Za-z_-]{16,}",
        "https://aiven.io/docs/platform/concepts/service-users",
    ),
    Format(
        "airtable-token",
        "Airtable",
        "personal access token",
        r"\bpat[0-9A-Za-z]{14}\.[0-9a-f]{64,}",
        "https://airtable.com/developers/web/guides/personal-access-tokens",
    ),
    Format(
        "posthog-key",
        "PostHog",
        "personal or project API key",
        r"\bph[cx]_[0-9A-Za-z]{40,}",
        "https://posthog.com/docs/api",
    ),
    Format(
        "algolia-key",
        "Algolia",
        "API key",
        named(r"algolia\w{0,20}key", "[0-9a-f]{32}"),
        "https://www.algolia.com/doc/guides/security/api-keys/",
    ),
    Format(
        "mongodb-secret",
        "MongoDB",
        "Atlas service account secret",
        r"\bmdb_sa_sk_[0-9A-Za-z_-]{40,}",
        "https://www.mongodb.com/docs/atlas/api/service-accounts-overview/",
    ),
    Format(
        "neon-key",
        "Neon",
        "API key",
        r"\bnapi_[0-9a-z]{60,}",
        "https://neon.com/docs/manage/api-keys",
    ),
    Format(
        "xata-key",
        "Xata",
        "API key",
        r"\bxau_[0-9A-Za-z]{32,}",
        "https://xata.io/docs/concepts/api-keys",
    ),
    Format(
        "dbt-token",
        "dbt",
        "service or personal token",
        r"\bdbt[csu]_[0-9A-Za-z_-]{32,}",
        "https://docs.getdbt.com/docs/dbt-cloud-apis/authentication",
    ),
)
