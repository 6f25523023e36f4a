"""Credentials of package registries."""

from typing import Final

from procoder_tutor.redaction.formats import Format

REGISTRIES: Final[tuple[Format, ...]] = (
    Format(
        "pypi-token",
        "PyPI",
        "API token",
        "pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[0-9A-Za-z_-]{50,}",
        "https://pypi.org/help/#apitoken",
    ),
    Format(
        "npm-token",
        "npm",
        "access token",
        "npm_[0-9A-Za-z]{36,}",
        "https://docs.npmjs.com/about-access-tokens",
    ),
    Format(
        "npm-auth-token",
        "npm",
        "token of an .npmrc",
        r"_authToken\s{0,3}=\s{0,3}([0-9A-Za-z_+/=-]{20,})",
        "https://docs.npmjs.com/cli/v11/configuring-npm/npmrc",
    ),
    Format(
        "rubygems-key",
        "RubyGems",
        "API key",
        "rubygems_[0-9a-f]{48,}",
        "https://guides.rubygems.org/api-key-scopes/",
    ),
    Format(
        "crates-token",
        "crates.io",
        "API token",
        r"\bcio[0-9A-Za-z]{32}\b",
        "https://doc.rust-lang.org/cargo/reference/publishing.html",
    ),
    Format(
        "nuget-key",
        "NuGet",
        "API key",
        r"\boy2[0-9a-z]{43}\b",
        "https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package",
    ),
    Format(
        "docker-token",
        "Docker Hub",
        "personal or organization access token",
        "dckr_[op]at_[0-9A-Za-z_-]{27,}",
        "https://docs.docker.com/security/for-developers/access-tokens/",
    ),
    Format(
        "clojars-token",
        "Clojars",
        "deploy token",
        "CLOJARS_[0-9a-f]{60,}",
        "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens",
    ),
)
