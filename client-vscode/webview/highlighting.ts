/** Colours code by Lezer's grammar of Python; what comes out is text and names of classes. */
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";

export interface Span {
  readonly text: string;
  /** Classes such as `tok-keyword`; empty for plain text. */
  readonly classes: string;
}

const PYTHON = new Set(["", "py", "python", "python3", "pycon"]);

/** Returns code as spans; joined, they are the code. Other languages than Python stay plain. */
export function highlight(code: string, language: string): readonly Span[] {
  if (language === "diff") {
    return diffLines(code);
  }
  if (!PYTHON.has(language.toLowerCase())) {
    return [{ text: code, classes: "" }];
  }
  const spans: Span[] = [];
  highlightCode(
    code,
    parser.parse(code),
    classHighlighter,
    (text, classes) => spans.push({ text, classes }),
    () => spans.push({ text: "\n", classes: "" }),
  );
  return spans;
}

function diffLines(code: string): readonly Span[] {
  return code.split(/(?<=\n)/).map((text) => ({ text, classes: diffClass(text) }));
}

function diffClass(line: string): string {
  if (/^(\+\+\+|---|@@)/.test(line)) {
    return "diff-head";
  }
  return line.startsWith("+") ? "diff-added" : line.startsWith("-") ? "diff-removed" : "";
}
