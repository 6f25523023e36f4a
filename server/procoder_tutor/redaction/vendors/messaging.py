"""Credentials of messaging, mail and telephony services."""

from typing import Final

from procoder_tutor.redaction.formats import Format, named

MESSAGING: Final[tuple[Format, ...]] = (
    Format(
        "slack-token",
        "Slack",
        "bot, user, workspace, refresh or legacy token",
        r"xox[abeoprs](?:\.xox[bp])?-[0-9A-Za-z-]{10,}",
        "https://api.slack.com/concepts/token-types",
    ),
    Format(
        "slack-app-token",
        "Slack",
        "app-level token",
        "xapp-[0-9]-[A-Z0-9]+-[0-9]+-[0-9a-f]{32,}",
        "https://api.slack.com/concepts/token-types",
    ),
    Format(
        "slack-webhook",
        "Slack",
        "incoming webhook's secret path",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([0-9A-Za-z/_-]{20,})",
        "https://api.slack.com/messaging/webhooks",
    ),
    Format(
        "discord-token",
        "Discord",
        "bot token",
        r"\b[MNO][0-9A-Za-z_-]{23,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,}",
        "https://discord.com/developers/docs/reference#authentication",
    ),
    Format(
        "discord-webhook",
        "Discord",
        "webhook's secret path",
        r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/([0-9]{17,20}/[0-9A-Za-z_-]{60,})",
        "https://discord.com/developers/docs/resources/webhook",
    ),
    Format(
        "telegram-token",
        "Telegram",
        "bot token",
        r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33,}",
        "https://core.telegram.org/bots/api#authorizing-your-bot",
    ),
    Format(
        "teams-webhook",
        "Microsoft Teams",
        "incoming webhook's secret path",
        r"\.webhook\.office\.com/webhookb2/([0-9A-Za-z@/-]{60,})",
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    ),
    Format(
        "twilio-key",
        "Twilio",
        "API key",
        r"\bSK[0-9a-f]{32}\b",
        "https://www.twilio.com/docs/iam/api-keys",
    ),
    Format(
        "twilio-account",
        "Twilio",
        "account id",
        r"\bAC[0-9a-f]{32}\b",
        "https://www.twilio.com/docs/iam/api",
    ),
    Format(
        "twilio-auth-token",
        "Twilio",
        "auth token of an account",
        named(r"twilio\w{0,20}(?:token|secret)", "[0-9a-f]{32}"),
        "https://www.twilio.com/docs/iam/api",
    ),
    Format(
        "sendgrid-key",
        "Twilio SendGrid",
        "API key",
        r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{40,}",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    Format(
        "mailgun-key",
        "Mailgun",
        "API key, older form",
        r"\bkey-[0-9a-f]{32}\b",
        "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
    ),
    Format(
        "mailgun-api-key",
        "Mailgun",
        "API key",
        r"\b[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b",
        "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
    ),
    Format(
        "mailchimp-key",
        "Mailchimp",
        "API key with its data centre",
        r"\b[0-9a-f]{32}-us[0-9]{1,2}\b",
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
    ),
    Format(
        "brevo-key",
        "Brevo",
        "API or SMTP key",
        "x(?:keysib|smtpsib)-[0-9a-f]{64}-[0-9A-Za-z]{16,}",
        "https://developers.brevo.com/docs/getting-started",
    ),
    Format(
        "resend-key",
        "Resend",
        "API key",
        r"\bre_[0-9A-Za-z]{8}_[0-9A-Za-z]{24,}",
        "https://resend.com/docs/api-reference/introduction",
    ),
    Format(
        "klaviyo-key",
        "Klaviyo",
        "private API key",
        r"\bpk_[0-9a-f]{34}\b",
        "https://developers.klaviyo.com/en/docs/authenticate_",
    ),
    Format(
        "onesignal-key",
        "OneSignal",
        "app or organization API key",
        "os_v2_(?:app|org)_[0-9a-z]{40,}",
        "https://documentation.onesignal.com/docs/en/keys-and-ids",
    ),
)
