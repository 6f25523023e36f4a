import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../src/panel/protocol.ts";
import {
  asking,
  INITIAL,
  NO_ANSWER,
  reduce,
  type State,
  type Turn,
} from "../../src/panel/state.ts";
import { toAnswer, toTurns } from "../../src/panel/turns.ts";

const turn = (id: number, number: number | null = null): Turn => ({
  id,
  number,
  question: `q${id}`,
  label: "",
  answer: NO_ANSWER,
});
const asked = (id: number, replaces: number | null = null): Change => ({
  kind: "asked",
  turn: turn(id),
  replaces,
});
const text = (id: number, piece: string): Change => ({
  kind: "part",
  id,
  part: { kind: "text", text: piece },
});
const done = (id: number, number: number): Change => ({
  kind: "answered",
  id,
  conversation: "c",
  number,
  answer: { ...NO_ANSWER, phase: "done", markdown: "checked" },
});
const after = (...changes: readonly Change[]): State => changes.reduce(reduce, INITIAL);
const shown = (state: State): readonly string[] =>
  state.turns.map(({ id, number, answer }) => `${id}/${number} ${answer.phase} ${answer.markdown}`);

const courses: readonly [name: string, changes: readonly Change[], expected: readonly string[]][] =
  [
    ["pieces are joined", [asked(1), text(1, "a"), text(1, "b")], ["1/null asking ab"]],
    ["the result takes their place", [asked(1), text(1, "a"), done(1, 5)], ["1/5 done checked"]],
    [
      "stopped, it keeps what it has",
      [asked(1), text(1, "a"), { kind: "stopped", id: 1 }],
      ["1/null stopped a"],
    ],
    [
      "nothing comes after the end",
      [asked(1), { kind: "stopped", id: 1 }, text(1, "late"), done(1, 5)],
      ["1/5 stopped "],
    ],
    [
      "pieces find their turn",
      [asked(1), asked(2), text(1, "a")],
      ["1/null asking a", "2/null asking "],
    ],
    [
      "a replaced turn goes with all after it",
      [asked(1), asked(2), asked(3), asked(4, 2)],
      ["1/null asking ", "4/null asking "],
    ],
    [
      "another conversation has its own turns",
      [asked(1), { kind: "opened", conversation: "d", turns: [turn(7, 1)] }],
      ["7/1 asking "],
    ],
  ];
for (const [name, changes, expected] of courses) {
  test(name, () => assert.deepEqual(shown(after(...changes)), expected));
}

test("parts of other kinds are kept", () => {
  const stage = {
    kind: "stage",
    stage: "writing",
    tokens: 3,
    tokens_per_second: 10,
    seconds_left: 1,
  } as const;
  const block = { kind: "block", line: 1, end_line: 2, text: "t" } as const;
  const { turns } = after(
    asked(1),
    { kind: "part", id: 1, part: stage },
    { kind: "part", id: 1, part: block },
    { kind: "part", id: 1, part: { kind: "facts", facts: { name: "f" } } },
  );
  assert.equal(turns[0]?.answer.stage, stage);
  assert.deepEqual(turns[0]?.answer.blocks, [block]);
  assert.equal(turns[0]?.answer.facts?.name, "f");
});

test("one turn is being asked, or none", () => {
  assert.equal(asking(after(asked(1), done(1, 5), asked(2)))?.id, 2);
  assert.equal(asking(after(asked(1), done(1, 5))), undefined);
});

test("what did not change stays the same object", () => {
  const state = after(asked(1), done(1, 5), asked(2));
  assert.equal(reduce(state, text(2, "a")).turns[0], state.turns[0]);
});

const SAID = {
  conversation: "c",
  turn: null,
  kind: "hint",
  markdown: "note\n\nthe hint",
  explanation: "the hint",
  notes: ["note"],
  next: [{ title: "Next hint", command: "procoder.chat", arguments: [{}] }],
  rung: "region",
  more: "concept",
};

test("a hint has its rung, and no command leaves the extension", () => {
  const answer = toAnswer(SAID);
  assert.deepEqual(answer.hint, { rung: "region", more: "concept" });
  assert.deepEqual(answer.steps, ["Next hint"]);
  assert.equal(answer.markdown, "the hint");
  assert.equal(answer.repeatable, false);
  assert.ok(!JSON.stringify(answer).includes("procoder.chat"));
});

const STORED = { kind: "chat", symbol: "merge", checks: "", model: "", stale: false };

test("kept turns are read in pairs; one that was interrupted has no answer", () => {
  const turns = toTurns(
    [
      { ...STORED, turn: 1, role: "user", kind: "explain", text: "Explain `merge`." },
      {
        ...STORED,
        turn: 2,
        role: "tutor",
        kind: "explain",
        text: "It merges.",
        checks: "1 of 1 checked",
        model: "m",
        stale: true,
      },
      { ...STORED, turn: 3, role: "user", text: "why?" },
    ],
    10,
  );
  assert.deepEqual(
    turns.map(({ number, question, label, answer }) => [
      number,
      question,
      label,
      answer.phase,
      answer.markdown,
      answer.badge,
      answer.stale,
    ]),
    [
      [
        1,
        "/explain @symbol:merge",
        "Explain `merge`.",
        "done",
        "It merges.",
        "1 of 1 checked",
        true,
      ],
      [3, "why?", "why?", "stopped", "", "", false],
    ],
  );
  assert.equal(new Set(turns.map(({ id }) => id)).size, 2);
});
