import * as vscode from "vscode";
import { explicit } from "../server/explicitSettings.ts";
import type { Status } from "../server/results.ts";
import { type ServerState, whyUnavailable } from "../server/state.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { setting } from "../settings.ts";
import type { PreviewResult } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { Place } from "./place.ts";

const REST_MS = 400;

/** What helps when nothing can be asked: a button's text, and its command. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
}

const REMEDIES: Partial<Record<ServerState["kind"] | "off", Remedy>> = {
  off: { title: "Switch On", command: "procoder.toggle" },
  missing: { title: "Set Up", command: "procoder.setUp" },
  failed: { title: "Restart", command: "procoder.restart" },
  stopped: { title: "Restart", command: "procoder.restart" },
};

/** Keeps a chat informed about its surroundings: server, settings, and what a draft would send. */
export class Surroundings implements vscode.Disposable {
  readonly #supervisor: Supervisor;
  readonly #place: Place;
  readonly #chat: Chat;
  readonly #isVisible: () => boolean;
  readonly #listening: vscode.Disposable;
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(supervisor: Supervisor, place: Place, chat: Chat, isVisible: () => boolean) {
    this.#supervisor = supervisor;
    this.#place = place;
    this.#chat = chat;
    this.#isVisible = isVisible;
    const refresh = (): void => void this.refresh();
    this.#listening = vscode.Disposable.from(
      supervisor.onDidChangeState(refresh),
      place.onDidChange(refresh),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("procoder")) {
          refresh();
        }
      }),
    );
  }

  /** What helps now; undefined where all is well, or only time helps. */
  get remedy(): Remedy | undefined {
    const { kind } = this.#supervisor.state;
    return setting("enabled", true) ? REMEDIES[kind] : REMEDIES.off;
  }

  /** Tells the chat how things are. */
  async refresh(): Promise<void> {
    if (!this.#isVisible()) {
      return;
    }
    const status = await this.#status();
    const known = this.#chat.state.context;
    this.#chat.change({
      kind: "context",
      context: {
        trouble: this.#trouble(),
        remedy: this.remedy?.title ?? "",
        file: this.#place.file,
        selection: this.#place.hasSelection,
        level: chosen("level") ?? status?.level ?? known.level,
        language: chosen("language") ?? status?.language ?? known.language,
        model: status?.model ?? known.model,
      },
    });
    this.previewLater();
  }

  /** Tells the chat what its draft would send, once nothing changes for a moment. */
  previewLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#preview(), REST_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
  }

  #trouble(): string {
    const { state } = this.#supervisor;
    if (!setting("enabled", true)) {
      return "ProCoder is off: it shows nothing and runs no model.";
    }
    if (state.kind === "starting") {
      return "ProCoder's server is starting.";
    }
    return state.kind === "running" ? "" : whyUnavailable(state);
  }

  async #status(): Promise<Status | undefined> {
    return this.#supervisor.state.kind === "running"
      ? this.#supervisor.execute<Status>("procoder.status").catch(() => undefined)
      : undefined;
  }

  /** What cannot be previewed cannot be asked either, and says so when it is asked. */
  async #preview(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const preview = await this.#read().catch(() => null);
    if (asked === this.#asked) {
      this.#chat.change({ kind: "preview", preview });
    }
  }

  async #read(): Promise<PreviewResult | null> {
    const { draft } = this.#chat;
    if (draft.trim() === "" || this.#supervisor.state.kind !== "running") {
      return null;
    }
    const question = await this.#chat.question(draft);
    return question === undefined
      ? null
      : this.#supervisor.execute<PreviewResult>("procoder.previewChat", question);
  }
}

/** What the user set: the server may not have heard of it yet. */
function chosen(name: string): string | undefined {
  const inspected = vscode.workspace.getConfiguration("procoder").inspect<string>(name);
  return explicit(inspected) as string | undefined;
}
