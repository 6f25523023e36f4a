import assert from "node:assert/strict";
import { test } from "node:test";
import { needs, rows } from "../src/models/items.ts";
import { countRequirements, stepOf } from "../src/python/pip.ts";
import { describeStage, type StagePart } from "../src/server/parts.ts";
import type { Model, Status } from "../src/server/results.ts";
import type { ServerState } from "../src/server/state.ts";
import { shown } from "../src/statusBar/text.ts";

const STATUS: Status = {
  version: "0.1.0",
  on: true,
  model: "smollm2-135m",
  level: "beginner",
  language: "en",
  host: { state: "ready", url: "", model: "", engine: "", pid: null },
  doing: [],
  tokens_per_second: 107.4,
  problems: [],
};
const RUNNING: ServerState = { kind: "running" };

const bars: readonly [
  name: string,
  args: Parameters<typeof shown>,
  text: RegExp,
  command: string,
][] = [
  ["off", [RUNNING, STATUS, false], /ProCoder$/, "procoder.toggle"],
  ["at rest", [RUNNING, STATUS, true], /smollm2-135m$/, "procoder.toggle"],
  ["unknown yet", [RUNNING, undefined, true], /ProCoder$/, "procoder.toggle"],
  [
    "at work",
    [RUNNING, { ...STATUS, doing: [{ title: "Explaining merge", seconds_left: 11.2 }] }, true],
    /Explaining merge, 12 s left/,
    "procoder.toggle",
  ],
  [
    "loading",
    [RUNNING, { ...STATUS, host: { ...STATUS.host, state: "loading" } }, true],
    /: loading$/,
    "procoder.toggle",
  ],
  ["starting", [{ kind: "starting" }, undefined, true], /starting/, "procoder.toggle"],
  [
    "missing",
    [{ kind: "missing", reason: "x", remedy: "environment" }, undefined, true],
    /set up/,
    "procoder.setUp",
  ],
  ["failed", [{ kind: "failed", reason: "x" }, STATUS, true], /stopped/, "procoder.restart"],
];
for (const [name, args, text, command] of bars) {
  test(`status bar, ${name}`, () => {
    const bar = shown(...args);
    assert.match(bar.text, text);
    assert.equal(bar.command, command);
  });
}

test("names cannot become links or icons in the status bar", () => {
  const evil = { ...STATUS, model: "[a](command:x) $(zap) `b`" };
  const bar = shown(RUNNING, { ...evil, doing: [{ title: "$(zap)" }] }, true);
  assert.ok(!bar.tooltip.includes("[a](command:x)"));
  assert.ok(!/(?<!\\)\$\(/.test(bar.text.slice("$(mortar-board)".length)));
});

const SMALL: Model = { id: "small", title: "Small", installed: false, size_bytes: 98_362_432 };
const LARGE: Model = {
  id: "large",
  installed: true,
  size_bytes: 4_238_000_000,
  memory_bytes: 5_500_000_000,
  licence: "L",
  good_for: "G",
};

test("models that are here come first, the current one ticked", () => {
  const [first, second] = rows([SMALL, LARGE], "large");
  assert.deepEqual([first?.id, second?.id], ["large", "small"]);
  assert.match(first?.label ?? "", /\$\(check\) large/);
  assert.equal(first?.detail, "G · L");
  assert.equal(second?.description, "98 MB to fetch");
  assert.equal(needs(LARGE), "4.2 GB to fetch, about 5.5 GB of memory");
});

const STAGE = { kind: "stage", tokens: 212, tokens_per_second: null, seconds_left: null } as const;
const stages: readonly [part: StagePart, expected: string][] = [
  [{ ...STAGE, stage: "loading", tokens: 0 }, "Loading the model"],
  [{ ...STAGE, stage: "reading" }, "Reading about 212 tokens"],
  [{ ...STAGE, stage: "reading", seconds_left: 2.1 }, "Reading about 212 tokens, about 3 s"],
  [{ ...STAGE, stage: "writing" }, "Writing"],
  [
    { ...STAGE, stage: "writing", tokens_per_second: 106.6, seconds_left: 0.2 },
    "Writing at 107 tokens/s, at most 1 s more",
  ],
];
for (const [part, expected] of stages) {
  test(`a stage: ${expected}`, () => assert.equal(describeStage(part), expected));
}

const pip: readonly [line: string, expected: string | undefined][] = [
  ["Collecting pydantic-core==2.4 (from -r x)", "Fetching pydantic-core"],
  ["Installing collected packages: a, b", "Installing the packages"],
  ["  Using cached a.whl (1 kB)", undefined],
  ["", undefined],
];
for (const [line, expected] of pip) {
  test(`pip says ${JSON.stringify(line)}`, () => assert.equal(stepOf(line)?.sentence, expected));
}

test("requirements are counted, hashes and comments are not", () => {
  assert.equal(countRequirements("# c\na==1 \\\n    --hash=x\nb-c==2 ; python_version < '3'\n"), 2);
});
