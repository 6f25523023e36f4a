import * as vscode from "vscode";
import { offerModel } from "../models/picker.ts";
import { withBar } from "../progress.ts";
import type { Interpreters } from "../python/finding.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { changeSetting } from "../settings.ts";

const SET_UP = "Set Up";
const CHOOSE = "Choose a Python…";
const NEVER = "Don't Ask Again";
const NEVER_KEY = "setUp.neverAsk";

/** Makes the environment that the server runs in, where the user agrees. */
export class SetUp {
  readonly #interpreters: Interpreters;
  readonly #supervisor: Supervisor;
  readonly #memento: vscode.Memento;
  #modelOffered = false;

  constructor(interpreters: Interpreters, supervisor: Supervisor, memento: vscode.Memento) {
    this.#interpreters = interpreters;
    this.#supervisor = supervisor;
    this.#memento = memento;
  }

  /** Offers it where no Python was found; renews it unasked where there is one of an older version. */
  async offer(): Promise<void> {
    if (await (await this.#interpreters.environment()).hasOlder()) {
      await vscode.commands.executeCommand("procoder.setUp");
      return;
    }
    if (this.#memento.get(NEVER_KEY) === true) {
      return;
    }
    const chosen = await vscode.window.showInformationMessage(
      "ProCoder can set up a Python environment of its own: some packages from PyPI, kept in " +
        "VS Code's storage. Your projects stay as they are.",
      SET_UP,
      CHOOSE,
      NEVER,
    );
    await this.#follow(chosen);
  }

  /** Makes the environment with progress, then starts the server. Rejects with EnvironmentError. */
  async make(): Promise<void> {
    await this.#supervisor.stop();
    await withBar("Setting up ProCoder", (token, onProgress) => {
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      return this.#interpreters.makeEnvironment(stopping.signal, onProgress);
    });
    await this.#supervisor.restart();
  }

  /** Offers the model that explanations need, once a session. */
  async offerModel(): Promise<void> {
    if (!this.#modelOffered) {
      this.#modelOffered = true;
      await offerModel(this.#supervisor);
    }
  }

  async #follow(chosen: string | undefined): Promise<void> {
    if (chosen === SET_UP) {
      await vscode.commands.executeCommand("procoder.setUp");
    } else if (chosen === CHOOSE) {
      await chooseInterpreter();
    } else if (chosen === NEVER) {
      await this.#memento.update(NEVER_KEY, true);
    }
  }
}

async function chooseInterpreter(): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: "A Python that has procoder installed",
      canSelectMany: false,
    })) ?? [];
  if (file !== undefined) {
    await changeSetting("server.interpreter", file.fsPath);
  }
}
