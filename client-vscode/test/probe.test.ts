import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { baseCommands, findBase, unfitAsBase } from "../src/python/basePythons.ts";
import { type FullProbe, parseProbe, probe } from "../src/python/probe.ts";

const SAID = '{"version": [3, 12], "procoder": null, "makesEnvironments": true}';
const PYTHON = { kind: "python", version: [3, 12], procoder: null, makesEnvironments: true };

const outputs: readonly [stdout: string, usable: boolean][] = [
  [`${SAID}\n`, true],
  [`a start-up hook speaks\n${SAID}`, true],
  ["", false],
  ["3.12", false],
  ["null", false],
  ['{"version": "3.12", "procoder": null, "makesEnvironments": true}', false],
];
for (const [stdout, usable] of outputs) {
  test(`what a Python says: ${JSON.stringify(stdout)}`, () => {
    const parsed = parseProbe(stdout);
    assert.equal(parsed.kind, usable ? "python" : "unusable");
    if (usable) {
      assert.deepEqual(parsed, PYTHON);
    }
  });
}

test("a real Python is probed, and what is none is told", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "procoder-"));
  const found = await probe("python3", cwd);
  assert.equal(found.kind, "python");
  const missing = await probe(join(cwd, "nothing"), cwd);
  assert.match(missing.kind === "unusable" ? missing.reason : "", /cannot be run/);
  const other = await probe(process.execPath, cwd);
  assert.match(other.kind === "unusable" ? other.reason : "", /no Python that works/);
});

const bases: readonly [probe: FullProbe, reason: RegExp | undefined][] = [
  [{ kind: "python", version: [3, 11], procoder: null, makesEnvironments: true }, undefined],
  [{ kind: "python", version: [3, 14], procoder: "1", makesEnvironments: true }, undefined],
  [{ kind: "python", version: [3, 10], procoder: null, makesEnvironments: true }, /Python 3\.10/],
  [{ kind: "python", version: [3, 15], procoder: null, makesEnvironments: true }, /Python 3\.15/],
  [{ kind: "python", version: [3, 12], procoder: null, makesEnvironments: false }, /venv/],
  [{ kind: "unusable", reason: "it is gone" }, /it is gone/],
];
for (const [found, reason] of bases) {
  test(`as a base: ${JSON.stringify(found)}`, () => {
    const said = unfitAsBase(found);
    assert.ok(reason === undefined ? said === undefined : reason.test(said ?? ""));
  });
}

test("the first base that will do is taken, else each is told with its fault", async () => {
  const answers: Readonly<Record<string, FullProbe>> = {
    old: { kind: "python", version: [3, 9], procoder: null, makesEnvironments: true },
    good: { kind: "python", version: [3, 13], procoder: null, makesEnvironments: true },
  };
  const ask = async (command: string): Promise<FullProbe> =>
    answers[command] ?? { kind: "unusable", reason: "?" };
  assert.deepEqual(await findBase(["old", "good"], ask), { python: "good" });
  assert.deepEqual(await findBase(["old"], ask), { notes: ["old: it is Python 3.9"] });
});

test("the Python that is selected is the last resort for a base", () => {
  assert.equal(baseCommands("linux", "/selected").at(-1), "/selected");
  assert.ok(!baseCommands("win32", undefined).includes("python3.12"));
});
