"""Credentials of payment services, shops and the trades around them."""

from typing import Final

from procoder_tutor.redaction.formats import UUID, Format

PAYMENT: Final[tuple[Format, ...]] = (
    Format(
        "stripe-key",
        "Stripe",
        "secret or restricted key, live or test",
        "(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{10,}",
        "https://docs.stripe.com/keys",
    ),
    Format(
        "stripe-webhook-secret",
        "Stripe",
        "signing secret of a webhook",
        "whsec_[0-9A-Za-z+/=]{24,}",
        "https://docs.stripe.com/webhooks",
    ),
    Format(
        "square-token",
        "Square",
        "access token",
        r"(?:\bEAAA[0-9A-Za-z_-]{60,}|sq0atp-[0-9A-Za-z_-]{22,})",
        "https://developer.squareup.com/docs/build-basics/access-tokens",
    ),
    Format(
        "square-secret",
        "Square",
        "OAuth application secret",
        "sq0csp-[0-9A-Za-z_-]{43,}",
        "https://developer.squareup.com/docs/build-basics/access-tokens",
    ),
    Format(
        "braintree-token",
        "Braintree",
        "access token",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32,}",
        "https://developer.paypal.com/braintree/docs/",
    ),
    Format(
        "razorpay-key",
        "Razorpay",
        "key id",
        "rzp_(?:live|test)_[0-9A-Za-z]{14,}",
        "https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/",
    ),
    Format(
        "flutterwave-key",
        "Flutterwave",
        "secret key, live or test",
        "FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,}-X",
        "https://developer.flutterwave.com/docs/authentication",
    ),
    Format(
        "mollie-key",
        "Mollie",
        "API key, live or test",
        r"\b(?:live|test)_[0-9A-Za-z]{30,}\b",
        "https://docs.mollie.com/docs/authentication",
    ),
    Format(
        "gocardless-token",
        "GoCardless",
        "access token",
        r"\blive_[0-9A-Za-z_-]{40,}",
        "https://developer.gocardless.com/api-reference/#authentication",
    ),
    Format(
        "plaid-token",
        "Plaid",
        "access token",
        "access-(?:sandbox|development|production)-" + UUID,
        "https://plaid.com/docs/api/items/",
    ),
    Format(
        "shippo-token",
        "Shippo",
        "API token, live or test",
        "shippo_(?:live|test)_[0-9a-f]{40,}",
        "https://docs.goshippo.com/docs/guides_general/authentication/",
    ),
    Format(
        "easypost-key",
        "EasyPost",
        "API key, production or test",
        r"\bEZ[AT]K[0-9A-Za-z]{54,}",
        "https://docs.easypost.com/docs/authentication",
    ),
    Format(
        "duffel-token",
        "Duffel",
        "access token, live or test",
        "duffel_(?:live|test)_[0-9A-Za-z_-]{43,}",
        "https://duffel.com/docs/api/overview/making-requests/authentication",
    ),
    Format(
        "shopify-token",
        "Shopify",
        "admin, custom app, private app or partner token, or shared secret",
        "shp(?:at|ca|pa|ss|tka)_[0-9A-Za-z]{32,}",
        "https://shopify.dev/docs/apps/build/authentication-authorization",
    ),
    Format(
        "woocommerce-key",
        "WooCommerce",
        "consumer key or secret",
        r"\bc[ks]_[0-9a-f]{40}\b",
        "https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication",
    ),
    Format(
        "paddle-key",
        "Paddle",
        "API key",
        "pdl_(?:live|sdbx)_apikey_[0-9a-z]{26}_[0-9A-Za-z]{22}_[0-9A-Za-z]{3,}",
        "https://developer.paddle.com/api-reference/about/authentication",
    ),
)
