import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EnvironmentError, ManagedEnvironment } from "../src/python/managed.ts";

interface Places {
  readonly storage: string;
  readonly bundle: string;
}

/** A bundle whose lock names nothing and whose wheel is none. */
async function places(): Promise<Places> {
  const root = await mkdtemp(join(tmpdir(), "procoder-"));
  const [storage, bundle] = [join(root, "storage"), join(root, "bundle")];
  await mkdir(bundle);
  await writeFile(join(bundle, "requirements.lock"), "");
  await writeFile(join(bundle, "procoder-0.1.0-py3-none-any.whl"), "not a wheel");
  return { storage, bundle };
}

test("what pip refuses is told, and nothing half-made stays", async () => {
  const { storage, bundle } = await places();
  const environment = await ManagedEnvironment.open(storage, bundle);
  const said: string[] = [];
  const making = {
    basePython: "python3",
    signal: new AbortController().signal,
    onProgress: ({ sentence }: { readonly sentence: string }) => said.push(sentence),
  };
  await assert.rejects(environment.make(making), EnvironmentError);
  assert.deepEqual(said, ["Making a Python environment", "Installing ProCoder"]);
  assert.equal(await environment.python(), undefined);
  assert.deepEqual(await readdir(storage), []);
});

test("a making that is stopped leaves nothing", async () => {
  const { storage, bundle } = await places();
  const environment = await ManagedEnvironment.open(storage, bundle);
  const making = { basePython: "python3", signal: AbortSignal.abort(), onProgress: () => {} };
  await assert.rejects(environment.make(making), EnvironmentError);
  assert.deepEqual(await readdir(storage), []);
});

test("an environment belongs to the wheel and the lock it was made from", async () => {
  const { storage, bundle } = await places();
  const before = await ManagedEnvironment.open(storage, bundle);
  assert.equal(await before.hasOlder(), false);
  await mkdir(join(storage, "python-0123456789ab"), { recursive: true });
  assert.equal(await before.hasOlder(), true);
  assert.equal(await before.python(), undefined);
});

test("a bundle without a wheel is told", async () => {
  const root = await mkdtemp(join(tmpdir(), "procoder-"));
  await assert.rejects(ManagedEnvironment.open(root, root), /carries no server/);
});
