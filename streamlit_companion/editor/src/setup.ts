/** How the editor behaves and looks; colours are those of the page's theme. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { highlights } from "./highlights.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--st-violet-text-color)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--st-green-text-color)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--st-orange-text-color)" },
  { tag: tags.comment, color: "var(--st-gray-text-color)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.className], color: "var(--st-blue-text-color)" },
  { tag: tags.meta, color: "var(--st-red-text-color)" },
]);

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--st-secondary-background-color)",
    border: "1px solid var(--st-border-color)",
    borderRadius: "var(--st-base-radius)",
    color: "var(--st-text-color)",
    fontSize: "0.9rem",
    height: "100%",
  },
  "&.cm-focused": { borderColor: "var(--st-primary-color)", outline: "none" },
  ".cm-scroller": { fontFamily: "var(--st-code-font)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--st-text-color)" },
  ".cm-cursor": { borderLeftColor: "var(--st-text-color)" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    border: "none",
    color: "var(--st-gray-text-color)",
  },
  ".cm-placeholder": { color: "var(--st-gray-text-color)" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--st-text-color) 5%, transparent)",
  },
  ".cm-explained": {
    backgroundColor: "color-mix(in srgb, var(--st-primary-color) 14%, transparent)",
    boxShadow: "inset 3px 0 var(--st-primary-color)",
  },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--st-primary-color) 30%, transparent) !important",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--st-background-color)",
    border: "1px solid var(--st-border-color)",
    borderRadius: "var(--st-base-radius)",
    color: "var(--st-text-color)",
  },
});

/** Everything an editor for Python needs; Escape, then Tab, leaves it by keyboard. */
export function setup(): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    highlights,
    indentUnit.of("    "),
    python(),
    placeholder("Paste or write Python here"),
    syntaxHighlighting(colours),
    theme,
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
  ];
}
