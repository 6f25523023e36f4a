import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreviewPart, PreviewResult } from "../../src/panel/answers.ts";
import { panelDocument } from "../../src/panel/document.ts";
import { isRequest } from "../../src/panel/protocol.ts";
import { INITIAL } from "../../src/panel/state.ts";
import { chips, describeFill, type Removal } from "../../webview/chips.ts";
import { Completing } from "../../webview/completing.ts";
import { cutAtLines } from "../../webview/lines.ts";
import { describeMaking } from "../../webview/making.ts";

const PREVIEW: PreviewResult = {
  kind: "chat",
  parts: [],
  sends: true,
  cached: false,
  tokens: 212,
  answer_tokens: 160,
  window: 2048,
};
const CONTEXT = { ...INITIAL.context, file: "a.py" };
const part = (kind: PreviewPart["kind"]): PreviewPart => ({ kind, title: kind, tokens: 7 });

const removals: readonly [
  kind: PreviewPart["kind"],
  selection: boolean,
  draft: string,
  expected: Removal | null,
][] = [
  ["code", false, "why?", null],
  ["code", true, "why?", { leaveOut: "selection" }],
  ["code", true, "what does @selection do?", { draft: "what does do?" }],
  ["code", false, "/explain @symbol:Account.deposit", { draft: "/explain " }],
  ["code", false, "mail me@file.example", null],
  ["code", false, "the @files here", null],
  ["diagnostics", false, "why? @diagnostics", { draft: "why? " }],
  ["diagnostics", false, "why?", null],
  ["conversation", false, "why?", { leaveOut: "conversation" }],
  ["question", false, "why?", { draft: "" }],
];
for (const [kind, selection, draft, expected] of removals) {
  test(`without ${kind}: ${draft}${selection ? ", selected" : ""}`, () => {
    const [chip] = chips({ ...PREVIEW, parts: [part(kind)] }, { ...CONTEXT, selection }, draft);
    assert.deepEqual(chip?.removal, expected);
    assert.equal(chip?.tokens, 7);
  });
}

test("before a draft, the chip says what it would be about", () => {
  assert.deepEqual(
    chips(null, CONTEXT, "").map(({ label, about }) => [label, about]),
    [["a.py", "at the cursor"]],
  );
  assert.deepEqual(chips(null, INITIAL.context, ""), []);
});

const fills: readonly [changed: Partial<PreviewResult>, expected: RegExp][] = [
  [{}, /^212 of 2048 tokens, at most 160/],
  [{ cached: true }, /kept from before/],
  [{ sends: false }, /answers this itself/],
  [{ tokens: null }, /^$/],
];
for (const [changed, expected] of fills) {
  test(`fill: ${expected}`, () => assert.match(describeFill({ ...PREVIEW, ...changed }), expected));
}

const lines: readonly [text: string, expected: readonly (string | readonly number[])[]][] = [
  ["see line 3.", ["see ", [3, 3], "."]],
  ["Lines 3-7 and line 9", [[3, 7], " and ", [9, 9]]],
  ["lines 7-3", ["lines 7-3"]],
  ["line 0", ["line 0"]],
  ["underline 3, line 12345678", ["underline 3, line 12345678"]],
];
for (const [text, expected] of lines) {
  test(`lines of ${text}`, () => {
    const pieces = cutAtLines(text);
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
    assert.deepEqual(
      pieces.map((piece) => (piece.lines ? [piece.lines.first, piece.lines.last] : piece.text)),
      expected,
    );
  });
}

const USAGE = { prompt_tokens: 9, cached_tokens: 0, completion_tokens: 118 };
const makings: readonly [Parameters<typeof describeMaking>[0], string][] = [
  [
    { model: "m", cached: false, usage: USAGE, milliseconds: 1100 },
    "m · 118 tokens in 1.1 s (107/s)",
  ],
  [{ model: "m", cached: true, usage: null, milliseconds: null }, "m · kept from before"],
  [{ model: "m", cached: false, usage: null, milliseconds: null }, "m"],
  [{ model: "", cached: false, usage: null, milliseconds: null }, ""],
];
for (const [answer, expected] of makings) {
  test(`made: ${expected}`, () => assert.equal(describeMaking(answer), expected));
}

const ITEMS = [
  { insert: "@file", kind: "mention", detail: "" },
  { insert: "@symbol", kind: "mention", detail: "" },
] as const;

test("mentions are offered, moved through and taken", () => {
  const asked: string[] = [];
  const completing = new Completing(
    (text) => asked.push(text),
    () => {},
  );
  for (const text of ["why ", "why @", "a@b", " /ex", "see x/"]) {
    completing.type(text);
  }
  assert.deepEqual(asked, ["why @", " /ex"]);
  completing.type("wh\u{1f600} @f");
  completing.take("another text", { replaces: 1, items: ITEMS });
  assert.deepEqual(completing.offered?.items ?? [], []);
  completing.take("wh\u{1f600} @f", { replaces: 2, items: ITEMS });
  completing.move(-1);
  assert.equal(completing.offered?.chosen, 1);
  completing.move(1);
  assert.equal(completing.offered?.chosen, 0);
  assert.equal(completing.accept(ITEMS[0]), "wh\u{1f600} @file ");
  completing.type("@file");
  completing.take("@file", { replaces: 5, items: [ITEMS[0]] });
  assert.equal(completing.offered, undefined);
});

const requests: readonly [message: unknown, expected: boolean][] = [
  [{ kind: "ready" }, true],
  [{ kind: "step", id: 1, index: 0 }, true],
  [{ kind: "step", id: 1, index: "0" }, false],
  [{ kind: "step", id: 1 }, false],
  [{ kind: "executeCommand", command: "x" }, false],
  [{ kind: "toString" }, false],
  [{ kind: "__proto__" }, false],
  ["ready", false],
  [null, false],
];
for (const [message, expected] of requests) {
  test(`a request: ${JSON.stringify(message)}`, () => assert.equal(isRequest(message), expected));
}

test("the document loads its script and its style, and nothing else", () => {
  const html = panelDocument({ script: "s.js", style: "s.css", source: "ours", nonce: "n" });
  assert.match(html, /default-src 'none'; script-src 'nonce-n'; style-src ours;/);
  assert.ok(!/unsafe|img-src|connect-src|font-src/.test(html));
});
