import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Candidate,
  type Choice,
  candidates,
  choose,
  fits,
  type Known,
  type Probe,
} from "../src/python/interpreters.ts";

const NOTHING: Known = {
  setting: "",
  pythonExtension: undefined,
  managed: undefined,
  trusted: true,
};

const listings: readonly [name: string, known: Partial<Known>, expected: readonly string[]][] = [
  ["nothing known", {}, []],
  ["the setting stands alone", { setting: "/s", pythonExtension: "/p", managed: "/m" }, ["/s"]],
  ["the Python extension first", { pythonExtension: "/p", managed: "/m" }, ["/p", "/m"]],
  [
    "not of a folder nobody trusts",
    { pythonExtension: "/p", managed: "/m", trusted: false },
    ["/m"],
  ],
  ["a setting of the user's is theirs", { setting: "/s", trusted: false }, ["/s"]],
];
for (const [name, known, expected] of listings) {
  test(`candidates: ${name}`, () => {
    const paths = candidates({ ...NOTHING, ...known }).map(({ path }) => path);
    assert.deepEqual(paths, expected);
  });
}

const has = (procoder: string | null): Probe => ({ kind: "python", version: [3, 12], procoder });
const SETTING: Candidate = { origin: "setting", path: "/a" };
const SELECTED: Candidate = { origin: "pythonExtension", path: "/a" };
const MANAGED: Candidate = { origin: "managed", path: "/b" };

const choices: readonly [
  name: string,
  listed: readonly Candidate[],
  probes: Readonly<Record<string, Probe>>,
  expected: (choice: Choice) => boolean,
][] = [
  ["none", [], {}, (choice) => choice.kind === "none"],
  [
    "the first that fits",
    [SELECTED, MANAGED],
    { "/a": has("0.1.0"), "/b": has("0.1.0") },
    (choice) => choice.kind === "found" && choice.candidate === SELECTED,
  ],
  [
    "past one without ProCoder",
    [SELECTED, MANAGED],
    { "/a": has(null), "/b": has("0.1.7") },
    (choice) => choice.kind === "found" && choice.candidate === MANAGED,
  ],
  [
    "past one of another version, which is noted",
    [SELECTED],
    { "/a": has("0.2.0") },
    (choice) => choice.kind === "none" && /0\.2\.0, which does not fit/.test(choice.notes[0] ?? ""),
  ],
  [
    "a setting that does not work is told, not passed over",
    [SETTING, MANAGED],
    { "/a": { kind: "unusable", reason: "it is a cat" }, "/b": has("0.1.0") },
    (choice) => choice.kind === "wrongSetting" && /“\/a”.*it is a cat/.test(choice.reason),
  ],
];
for (const [name, listed, probes, expected] of choices) {
  test(`choose: ${name}`, async () => {
    const probe = async (path: string): Promise<Probe> =>
      probes[path] ?? { kind: "unusable", reason: "not listed" };
    const choice = await choose(listed, probe, "0.1.3");
    assert.ok(expected(choice), JSON.stringify(choice));
  });
}

test("versions fit when their first two numbers agree", () => {
  assert.ok(fits("0.1.9", "0.1.0"));
  assert.ok(!fits("0.10.0", "0.1.0"));
  assert.ok(!fits("1.1.0", "0.1.0"));
});
