import * as vscode from "vscode";
import { nested } from "../server/explicitSettings.ts";

/** The settings that are secret, by the server's names, and how they are asked for. */
const PROMPTS = {
  "host.token": {
    title: "Token of the model server",
    prompt: "Sent as a bearer token to the server of procoder.host.url. Leave empty to forget it.",
  },
  "redis.url": {
    title: "URL of a shared Redis",
    prompt: "redis:// or rediss://, with user and password if need be. Leave empty to forget it.",
  },
} as const;

export type Secret = keyof typeof PROMPTS;

/** Keeps secrets in VS Code's secret storage; they reach the server as initialization options. */
export class Secrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  /** Returns what is kept, nested as the server's settings are. */
  async all(): Promise<object> {
    const names = Object.keys(PROMPTS) as Secret[];
    const values = names.map(async (name) => [name, await this.#storage.get(name)] as const);
    return nested(await Promise.all(values));
  }

  /** Asks the user for a secret; tells whether it was answered, also with nothing. */
  async ask(name: Secret): Promise<boolean> {
    const given = await vscode.window.showInputBox({
      ...PROMPTS[name],
      password: true,
      ignoreFocusOut: true,
    });
    if (given === undefined) {
      return false;
    }
    await (given === "" ? this.#storage.delete(name) : this.#storage.store(name, given));
    return true;
  }
}
