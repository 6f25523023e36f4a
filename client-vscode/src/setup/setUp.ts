import * as vscode from "vscode";
import { offerModel } from "../models/picker.ts";
import { withBar } from "../progress.ts";
import type { Interpreters } from "../python/finding.ts";
import type { Missing } from "../server/state.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { changeSetting, setting } from "../settings.ts";

const SET_UP = "Set Up";
const CHOOSE = "Choose a Python…";
const NEVER = "Don't Ask Again";
const SHOW_SETTING = "Show the Setting";
const EMPTY = "Empty It";
const COMMAND = "procoder.setUp";
const INTERPRETER = "procoder.server.interpreter";
const NEVER_KEY = "setUp.neverAsk";

/** Makes the environment that the server runs in, where the user agrees. */
export class SetUp {
  readonly #interpreters: Interpreters;
  readonly #supervisor: Supervisor;
  readonly #memento: vscode.Memento;
  #making: Promise<void> | undefined;
  #modelOffered = false;

  constructor(interpreters: Interpreters, supervisor: Supervisor, memento: vscode.Memento) {
    this.#interpreters = interpreters;
    this.#supervisor = supervisor;
    this.#memento = memento;
  }

  /** Offers what helps where no Python was found; an environment that was agreed to is renewed. */
  async offer({ reason, remedy }: Missing): Promise<void> {
    if (!setting("enabled", true)) {
      return;
    }
    if (remedy === "setting") {
      await this.#offerOwn(reason);
    } else if (await (await this.#interpreters.environment()).hasOlder()) {
      await vscode.commands.executeCommand(COMMAND);
    } else if (this.#memento.get(NEVER_KEY) !== true) {
      await this.#offerEnvironment();
    }
  }

  /** Does what the status bar asks for: offers what helps, or makes the environment at once. */
  async begin(): Promise<void> {
    const { state } = this.#supervisor;
    if (state.kind === "running" || state.kind === "starting") {
      void vscode.window.showInformationMessage("ProCoder is set up already.");
    } else if (state.kind === "missing" && state.remedy === "setting") {
      await this.#offerOwn(state.reason);
    } else {
      this.#making ??= this.#make().finally(() => {
        this.#making = undefined;
      });
      await this.#making;
    }
  }

  async #offerEnvironment(): Promise<void> {
    const chosen = await vscode.window.showInformationMessage(
      "ProCoder can set up a Python environment of its own: some packages from PyPI, kept in " +
        "VS Code's storage. Your projects stay as they are.",
      SET_UP,
      CHOOSE,
      NEVER,
    );
    if (chosen === SET_UP) {
      await vscode.commands.executeCommand(COMMAND);
    } else if (chosen === CHOOSE) {
      await chooseInterpreter();
    } else if (chosen === NEVER) {
      await this.#memento.update(NEVER_KEY, true);
    }
  }

  async #offerOwn(reason: string): Promise<void> {
    const message = `ProCoder: ${reason}`;
    const chosen = await vscode.window.showErrorMessage(message, SHOW_SETTING, CHOOSE, EMPTY);
    if (chosen === SHOW_SETTING) {
      await vscode.commands.executeCommand("workbench.action.openSettings", INTERPRETER);
    } else if (chosen === CHOOSE) {
      await chooseInterpreter();
    } else if (chosen === EMPTY) {
      await changeSetting("server.interpreter", undefined);
    }
  }

  /** Makes the environment with progress, then starts the server. Rejects with EnvironmentError. */
  async #make(): Promise<void> {
    await withBar("Setting up ProCoder", (token, onProgress) => {
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      return this.#interpreters.makeEnvironment(stopping.signal, onProgress);
    });
    await this.#supervisor.restart();
  }

  /** Offers the model that explanations need, once a session. */
  async offerModel(): Promise<void> {
    if (!this.#modelOffered && setting("enabled", true)) {
      this.#modelOffered = true;
      await offerModel(this.#supervisor);
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
