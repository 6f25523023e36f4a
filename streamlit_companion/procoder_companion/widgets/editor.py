"""The code editor: CodeMirror as a component, or a plain text area where its bundle is not built.

The bundle is served as a file below the component's folder. Streamlit finds such folders by the
`pyproject.toml` of an installed distribution, which an editable install does not have at the place
where it looks; so the folder is registered here, the same way for both kinds of install.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from procoder_companion.state import Code
from procoder_companion.values import ExplainedFinding, Lines

_PACKAGE = Path(__file__).parents[1]
_ASSETS, _BUNDLE = "assets", "editor.js"
_DISTRIBUTION, _COMPONENT = "procoder", "editor"
_NAME = f"{_DISTRIBUTION}.{_COMPONENT}"
_KEY = "editor"
_HTML = '<div class="editor"></div>'
_HEIGHT = 440
"""Pixels."""
_CSS = f".editor {{ height: {_HEIGHT}px; }}"
_SEVERITIES = {"hint": "info"}
"""CodeMirror's names of severities, where they are not the linter's."""


def editor(code: Code, findings: Sequence[ExplainedFinding]) -> None:
    """Draw the editor, and take over what was typed and selected since the last run."""
    if not (_PACKAGE / _ASSETS / _BUNDLE).exists():
        _text_area(code)
        return
    _component()(
        key=_KEY,
        data={
            "text": code.text,
            "revision": code.revision,
            "findings": [_shown(it) for it in findings],
            "highlighted": [_lines(it) for it in code.highlighted],
            "label": f"Code of {code.filename}",
        },
        on_typed_change=lambda: _take(code, st.session_state[_KEY]),
        on_selection_change=lambda: _take(code, st.session_state[_KEY]),
    )


def _take(code: Code, state: Mapping[str, Any]) -> None:
    """Take over what the browser says, unless it is about a text that was replaced since."""
    typed, selection = state.get("typed"), state.get("selection")
    if typed and typed["revision"] == code.revision and typed["text"] != code.text:
        code.typed(typed["text"])
    code.selection = None
    if selection and selection["revision"] == code.revision:
        code.selection = Lines(line=selection["line"], end_line=selection["endLine"])


def _component() -> Any:
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        config = ComponentConfig(_COMPONENT, asset_dir=_ASSETS)
        manager.register_from_manifest(ComponentManifest(_DISTRIBUTION, "", [config]), _PACKAGE)
    return st.components.v2.component(_NAME, html=_HTML, css=_CSS, js=_BUNDLE)


def _text_area(code: Code) -> None:
    key = f"text-{code.revision}"
    st.text_area(
        f"Code of {code.filename}",
        code.text,
        height=_HEIGHT,
        key=key,
        on_change=lambda: code.typed(st.session_state[key]),
        label_visibility="collapsed",
    )


def _shown(explained: ExplainedFinding) -> dict[str, object]:
    finding = explained.finding
    return {
        "line": finding.line,
        "column": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "severity": _SEVERITIES.get(finding.severity, finding.severity),
        "code": finding.code,
        "message": explained.title,
    }


def _lines(lines: Lines) -> dict[str, int]:
    return {"line": lines.line, "endLine": lines.end_line}
