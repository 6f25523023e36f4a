"""Credentials of monitoring, logging and on-call services."""

from typing import Final

from procoder_tutor.redaction.formats import UUID, Format, named

MONITORING: Final[tuple[Format, ...]] = (
    Format(
        "datadog-key",
        "Datadog",
        "API key",
        named("(?:dd|datadog)_?api_?key", "[0-9a-f]{32}"),
        "https://docs.datadoghq.com/account_management/api-app-keys/",
    ),
    Format(
        "datadog-app-key",
        "Datadog",
        "application key",
        named("(?:dd|datadog)_?app(?:lication)?_?key", "[0-9a-f]{40}"),
        "https://docs.datadoghq.com/account_management/api-app-keys/",
    ),
    Format(
        "new-relic-key",
        "New Relic",
        "user, ingest or browser key",
        r"\bNR(?:AK|II|IQ|JS|BR|RA)-[0-9A-Za-z_-]{19,}",
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    Format(
        "new-relic-license",
        "New Relic",
        "license key",
        r"\b(?:eu01xx)?[0-9a-f]{30,36}NRAL\b",
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    Format(
        "sentry-token",
        "Sentry",
        "organization or user token",
        r"\bsntry[su]_[0-9A-Za-z_+/=-]{40,}",
        "https://docs.sentry.io/account/auth-tokens/",
    ),
    Format(
        "sentry-dsn",
        "Sentry",
        "key of a DSN",
        "https://([0-9a-f]{32}(?::[0-9a-f]{32})?)@[0-9A-Za-z.-]+/[0-9]+",
        "https://docs.sentry.io/concepts/key-terms/dsn-explainer/",
    ),
    Format(
        "grafana-service-token",
        "Grafana",
        "service account token",
        r"\bglsa_[0-9A-Za-z]{32}_[0-9a-f]{8,}",
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ),
    Format(
        "grafana-cloud-token",
        "Grafana",
        "Cloud access policy token",
        r"\bglc_[0-9A-Za-z+/=]{32,}",
        "https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/access-policies/",
    ),
    Format(
        "dynatrace-token",
        "Dynatrace",
        "API, platform or OAuth token",
        r"\bdt0[a-z][0-9]{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{64,}",
        "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    ),
    Format(
        "honeycomb-key",
        "Honeycomb",
        "ingest or management key",
        r"\bhc[a-z](?:ik|ic|mk)_[0-9a-z]{50,}",
        "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
    ),
    Format(
        "pagerduty-key",
        "PagerDuty",
        "REST API key",
        named(r"(?:pagerduty|pd)_?\w{0,12}(?:key|token)", "[0-9A-Za-z_+-]{20}"),
        "https://support.pagerduty.com/main/docs/api-access-keys",
    ),
    Format(
        "axiom-token",
        "Axiom",
        "API or personal token",
        r"\bxa[ap]t-" + UUID,
        "https://axiom.co/docs/reference/tokens",
    ),
)
