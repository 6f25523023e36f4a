"""How Streamlit is configured: protections on, nothing sent anywhere, one accent colour.

Given as flags, which go before any `config.toml` of the folder or the user; the names are those of
`streamlit config show`.
"""

from collections.abc import Mapping

_ACCENT_LIGHT, _ACCENT_DARK = "#0f766e", "#0d9488"
_OPTIONS: Mapping[str, str] = {
    "server.headless": "true",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "2",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "runner.magicEnabled": "false",
    "theme.baseRadius": "0.5rem",
    "theme.baseFontSize": "15",
    "theme.headingFontWeights": "[650, 650, 620, 620, 600, 600]",
    "theme.chartCategoricalColors": f'["{_ACCENT_DARK}"]',
    "theme.light.primaryColor": _ACCENT_LIGHT,
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f6f8f8",
    "theme.light.textColor": "#1c2b2a",
    "theme.light.linkColor": _ACCENT_LIGHT,
    "theme.dark.primaryColor": _ACCENT_DARK,
    "theme.dark.backgroundColor": "#101615",
    "theme.dark.secondaryBackgroundColor": "#182120",
    "theme.dark.textColor": "#e4eceb",
    "theme.dark.linkColor": _ACCENT_DARK,
}


def streamlit_flags(host: str, port: int) -> list[str]:
    """Return the flags for `streamlit run`."""
    options = {**_OPTIONS, "server.address": host, "server.port": str(port)}
    return [f"--{name}={value}" for name, value in options.items()]
