/** The lines that a sentence beside the code is about. */

import { StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { Lines } from "./findings.js";

const setHighlights = StateEffect.define<DecorationSet>();
const mark = Decoration.line({ class: "cm-explained" });

/** Shows the highlighted lines, and takes them along while the text is edited. */
export const highlights: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setHighlights));
    return set !== undefined ? set.value : shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Return the effect that highlights `ranges` of a document, and nothing else. */
export function highlight(doc: Text, ranges: readonly Lines[]): StateEffect<DecorationSet> {
  const lines = new Set<number>();
  for (const { line, endLine } of ranges) {
    for (let n = Math.max(1, line); n <= Math.min(endLine, doc.lines); n += 1) lines.add(n);
  }
  const ordered = [...lines].sort((a, b) => a - b);
  return setHighlights.of(Decoration.set(ordered.map((n) => mark.range(doc.line(n).from))));
}
