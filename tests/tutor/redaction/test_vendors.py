"""The table of vendors' formats is well formed, and each pattern is what it says."""

import re
from collections import Counter

import pytest

from procoder_tutor.redaction.matching import RULES, matcher
from procoder_tutor.redaction.placeholders import PLACEHOLDER, placeholder
from procoder_tutor.redaction.vendors import VENDOR_FORMATS


def test_the_table():
    assert len(VENDOR_FORMATS) >= 150
    assert len({row.vendor for row in VENDOR_FORMATS}) >= 90
    assert Counter(row.kind for row in VENDOR_FORMATS).most_common(1)[0][1] == 1
    assert Counter(row.pattern for row in VENDOR_FORMATS).most_common(1)[0][1] == 1


@pytest.mark.parametrize("row", VENDOR_FORMATS, ids=lambda row: row.kind)
def test_each_row_says_what_it_is_and_where_that_is_documented(row):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.kind)
    assert re.match(r"https://[\w.-]+\.\w+/?", row.source)
    assert row.vendor
    assert row.what


@pytest.mark.parametrize("kind", sorted({rule.kind for rule in RULES}))
def test_each_kind_gives_an_identifier(kind):
    name = placeholder(kind, 12)
    assert name.isidentifier()
    assert PLACEHOLDER.fullmatch(name)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"AKIA{'Q7XA' * 4}", "aws-key-id"),
        (f"AWS_SECRET_ACCESS_KEY={'aB3/' * 10}", "aws-secret-key"),
        (f"ghp_{'aB3x' * 9}", "github-token"),
        (f"glpat-{'aB3x-' * 4}", "gitlab-access-token"),
        (f"sk_live_{'aB3x' * 6}", "stripe-key"),
        (f"xoxb-{'1' * 12}-{'2' * 12}-{'aB3x' * 6}", "slack-token"),
        (f"AIza{'aB3x_' * 7}", "google-api-key"),
        (f"sk-ant-api03-{'aB3' * 31}AA", "anthropic-key"),
        (f"npm_{'aB3x' * 9}", "npm-token"),
        (f"pypi-AgEIcHlwaS5vcmc{'aB3x' * 30}", "pypi-token"),
        (f"https://{'a1' * 16}@o12.ingest.sentry.io/34", "sentry-dsn"),
        (f"eyJhbGciOiJIUzI1.eyJ{'aB3x' * 6}.{'aB3x' * 8}", "json-web-token"),
    ],
)
def test_a_format_is_named(text, kind):
    assert kind in {found.kind for found in matcher().find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "AKIA_PREFIX = 'AKIA'",
        "ghp_prefix = 'ghp_'",
        "sk_live_or_test = sk_live_key(account)",
        "sha = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
        "digest = 'd41d8cd98f00b204e9800998ecf8427e'",
        "id = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'",
        "re_compiled_pattern_with_flags_and_groups = re_build()",
        "SKIPPED_TESTS_OF_THE_WHOLE_SUITE = ACCOUNT_ABILITIES",
        "from tests.live_server_test_case_with_long_name import live_server",
        "https://hooks.slack.com/services/",
        "eyJ = json_prefix.eyJ",
        "hf_hub_download_with_progress_bar(repo)",
        "import xai, pplx, nvapi",
    ],
)
def test_what_only_looks_like_a_format_is_left(text):
    assert matcher().find(text) == []
