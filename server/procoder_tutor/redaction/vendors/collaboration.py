"""Credentials of planning, content, identity and social services."""

from typing import Final

from procoder_tutor.redaction.formats import UUID, Format, named

COLLABORATION: Final[tuple[Format, ...]] = (
    Format(
        "linear-key",
        "Linear",
        "API key or OAuth token",
        r"\blin_(?:api|oauth)_[0-9A-Za-z]{40,}",
        "https://linear.app/developers/graphql",
    ),
    Format(
        "notion-token",
        "Notion",
        "integration token",
        r"\bntn_[0-9A-Za-z]{40,}",
        "https://developers.notion.com/docs/authorization",
    ),
    Format(
        "notion-secret",
        "Notion",
        "integration token, older form",
        r"\bsecret_[0-9A-Za-z]{43}\b",
        "https://developers.notion.com/docs/authorization",
    ),
    Format(
        "figma-token",
        "Figma",
        "personal access token",
        r"\bfig[dou]r?_[0-9A-Za-z_-]{40,}",
        "https://www.figma.com/developers/api#authentication",
    ),
    Format(
        "dropbox-token",
        "Dropbox",
        "short-lived access token",
        r"\bsl\.(?:u\.)?[0-9A-Za-z_-]{60,}",
        "https://developers.dropbox.com/oauth-guide",
    ),
    Format(
        "hubspot-token",
        "HubSpot",
        "private app token",
        r"\bpat-[a-z]{2}[0-9]-" + UUID,
        "https://developers.hubspot.com/docs/guides/apps/private-apps/overview",
    ),
    Format(
        "asana-token",
        "Asana",
        "personal access token",
        r"\b[0-2]/[0-9]{12,}(?:/[0-9]{12,})?:[0-9a-f]{32,}",
        "https://developers.asana.com/docs/personal-access-token",
    ),
    Format(
        "clickup-token",
        "ClickUp",
        "personal token",
        r"\bpk_[0-9]{6,}_[A-Z0-9]{32,}",
        "https://developer.clickup.com/docs/authentication",
    ),
    Format(
        "typeform-token",
        "Typeform",
        "personal access token",
        r"\btfp_[0-9A-Za-z_.=-]{39,}[0-9A-Za-z_-]",
        "https://www.typeform.com/developers/get-started/personal-access-token/",
    ),
    Format(
        "contentful-token",
        "Contentful",
        "management token",
        r"\bCFPAT-[0-9A-Za-z_-]{40,}",
        "https://www.contentful.com/developers/docs/references/authentication/",
    ),
    Format(
        "mapbox-token",
        "Mapbox",
        "secret token",
        r"\bsk\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{16,}",
        "https://docs.mapbox.com/api/accounts/tokens/",
    ),
    Format(
        "okta-token",
        "Okta",
        "API token",
        named(r"okta\w{0,12}token|ssws", "00[0-9A-Za-z_-]{40}"),
        "https://developer.okta.com/docs/guides/create-an-api-token/main/",
    ),
    Format(
        "apify-token",
        "Apify",
        "API token",
        r"\bapify_api_[0-9A-Za-z]{36,}",
        "https://docs.apify.com/platform/integrations/api",
    ),
    Format(
        "facebook-token",
        "Meta",
        "access token",
        r"\bEAA[0-9A-Za-z]{100,}",
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/",
    ),
    Format(
        "trello-token",
        "Atlassian",
        "Trello user token",
        r"\bATTA[0-9a-f]{64}[0-9A-Za-z]{8,}",
        "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/",
    ),
    Format(
        "readme-key",
        "ReadMe",
        "API key",
        r"\brdme_[0-9a-z]{64,}",
        "https://docs.readme.com/main/reference/intro/authentication",
    ),
)
