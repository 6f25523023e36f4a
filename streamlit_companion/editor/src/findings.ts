/** Findings of the linter as CodeMirror shows them. */

import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";

/** A finding; lines are 1-based, columns 0-based code points. */
export interface Finding {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: "error" | "warning" | "info";
  code: string;
  message: string;
}

/** A range of whole lines, 1-based, both included. */
export interface Lines {
  line: number;
  endLine: number;
}

/** Place findings in a document; one that lies outside it is moved to its end. */
export function toDiagnostics(doc: Text, findings: readonly Finding[]): Diagnostic[] {
  return findings.map((finding) => {
    const from = offset(doc, finding.line, finding.column);
    return {
      from,
      to: Math.max(from, offset(doc, finding.endLine, finding.endColumn)),
      severity: finding.severity,
      source: finding.code,
      message: finding.message,
    };
  });
}

/** Return the UTF-16 offset of a line and a column in code points. */
function offset(doc: Text, line: number, column: number): number {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(line);
  const before = Array.from(text).slice(0, Math.max(0, column)).join("");
  return from + before.length;
}
