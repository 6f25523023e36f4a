import { mkdir } from "node:fs/promises";
import { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";
import type { Progress } from "../progress.ts";
import type { Found } from "../server/supervisor.ts";
import { setting } from "../settings.ts";
import { baseCommands, findBase, NO_BASE } from "./basePythons.ts";
import { candidates, choose } from "./interpreters.ts";
import { EnvironmentError, ManagedEnvironment } from "./managed.ts";
import { probe } from "./probe.ts";

const PYTHON_EXTENSION = "ms-python.python";
const SET_UP = "Choose “ProCoder: Set Up”.";

/** Finds the Python that the server runs in, and makes one where the user agrees. */
export class Interpreters {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
  }

  /** A folder of ours, where no module of the user's can be imported from. */
  get folder(): string {
    return this.#context.globalStorageUri.fsPath;
  }

  /** `secrets` is handed on to the server. */
  async find(secrets: object): Promise<Found> {
    await mkdir(this.folder, { recursive: true });
    const environment = await this.environment();
    const listed = candidates({
      setting: setting("server.interpreter", "").trim(),
      pythonExtension: await selectedPython(),
      managed: await environment.python(),
      trusted: vscode.workspace.isTrusted,
    });
    const choice = await choose(listed, (path) => probe(path, this.folder), this.#version);
    switch (choice.kind) {
      case "found":
        return { python: choice.candidate.path, cwd: this.folder, secrets };
      case "wrongSetting":
        return { kind: "missing", reason: choice.reason, remedy: "setting" };
      default:
        for (const note of choice.notes) {
          this.#log.info(`Not used: ${note}`);
        }
        return {
          kind: "missing",
          reason: `no Python here has ProCoder ${this.#version}. ${SET_UP}`,
          remedy: "environment",
        };
    }
  }

  environment(): Promise<ManagedEnvironment> {
    const bundle = vscode.Uri.joinPath(this.#context.extensionUri, "server").fsPath;
    return ManagedEnvironment.open(this.folder, bundle);
  }

  /** Makes the environment of our own; rejects with EnvironmentError. */
  async makeEnvironment(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const selected = vscode.workspace.isTrusted ? await selectedPython() : undefined;
    const base = await findBase(baseCommands(process.platform, selected), (command) =>
      probe(command, this.folder),
    );
    if ("notes" in base) {
      this.#log.warn(`No Python to make an environment with: ${base.notes.join("; ")}`);
      throw new EnvironmentError(NO_BASE);
    }
    const environment = await this.environment();
    const python = await environment.make({ basePython: base.python, signal, onProgress });
    this.#log.info(`Made an environment for ProCoder: ${python}`);
  }

  get #version(): string {
    return String(this.#context.extension.packageJSON.version);
  }
}

/** Tells when the Python extension selects another Python; never without that extension. */
export function onDidSelectPython(listener: () => void): vscode.Disposable {
  const listening: vscode.Disposable[] = [];
  void pythonEnvironments().then((environments) => {
    const one = environments?.onDidChangeActiveEnvironmentPath(listener);
    if (one !== undefined) {
      listening.push(one);
    }
  });
  return { dispose: () => vscode.Disposable.from(...listening).dispose() };
}

/** The Python that the Python extension has selected; undefined without that extension. */
async function selectedPython(): Promise<string | undefined> {
  const environments = await pythonEnvironments();
  if (environments === undefined) {
    return undefined;
  }
  const resource = vscode.workspace.workspaceFolders?.[0]?.uri;
  const path = environments.getActiveEnvironmentPath(resource);
  const environment = await environments.resolveEnvironment(path);
  return environment?.executable.uri?.fsPath;
}

async function pythonEnvironments(): Promise<PythonExtension["environments"] | undefined> {
  if (vscode.extensions.getExtension(PYTHON_EXTENSION) === undefined) {
    return undefined;
  }
  try {
    return (await PythonExtension.api()).environments;
  } catch {
    return undefined; // its own start failed, which it tells itself
  }
}
