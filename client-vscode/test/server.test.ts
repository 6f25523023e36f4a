import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/server/backoff.ts";
import { describeEnding, Tail } from "../src/server/ending.ts";
import { explicit, nested, serverSettings } from "../src/server/explicitSettings.ts";
import { type ServerState, whyUnavailable } from "../src/server/state.ts";

test("a server that ends is started again ever later, then given up", () => {
  let now = 0;
  const backoff = new Backoff(() => now);
  const waits = Array.from({ length: 5 }, () => backoff.ended());
  assert.deepEqual(waits, [1, 2, 4, 8, undefined]);
  now += 180_000;
  assert.equal(backoff.ended(), 1);
  backoff.reset();
  assert.equal(backoff.ended(), 1);
});

test("the tail of a stream keeps its last lines, also an open one", () => {
  const tail = new Tail();
  for (let line = 0; line < 30; line += 1) {
    tail.add(`${line}\n`);
  }
  tail.add("op");
  tail.add("en");
  assert.equal(tail.lines().length, 21);
  assert.deepEqual(tail.lines().slice(-2), ["29", "open"]);
});

const endings: readonly [Parameters<typeof describeEnding>[0], string][] = [
  [
    { code: 1, signal: null, lastLines: ["Traceback", "KeyError: 'x'", " "] },
    "exit code 1: KeyError: 'x'",
  ],
  [{ code: null, signal: "SIGKILL", lastLines: [] }, "SIGKILL"],
  [{ code: null, signal: null, lastLines: [] }, "exit code unknown"],
];
for (const [ending, expected] of endings) {
  test(`an ending: ${expected}`, () => assert.equal(describeEnding(ending), expected));
}

const states: readonly [ServerState, RegExp][] = [
  [{ kind: "waiting", seconds: 4, reason: "SIGKILL" }, /SIGKILL.*4 s/],
  [{ kind: "missing", reason: "none.", remedy: "setting" }, /no Python.*none\./],
  [{ kind: "failed", reason: "it broke." }, /it broke\./],
  [{ kind: "stopped" }, /Restart Server/],
];
for (const [state, expected] of states) {
  test(`why ${state.kind}`, () => assert.match(whyUnavailable(state), expected));
}

test("only what was set is sent, the strongest first, under the server's names", () => {
  const sections = [
    { properties: { "procoder.level": {}, "procoder.idle.enabled": {} } },
    { properties: { "procoder.server.interpreter": {}, "procoder.trace.server": {} } },
  ];
  assert.deepEqual(serverSettings(sections), ["level", "idle.enabled"]);
  assert.equal(explicit(undefined), undefined);
  assert.equal(explicit({}), undefined);
  assert.equal(explicit({ globalValue: 1, workspaceValue: false }), false);
  assert.equal(explicit({ workspaceValue: 1, workspaceFolderValue: 2 }), 2);
  const values = [
    ["level", "expert"],
    ["idle.enabled", false],
    ["idle.x", undefined],
  ] as const;
  assert.deepEqual(nested(values), { level: "expert", idle: { enabled: false } });
});
