/** The way to the extension, and what survives when VS Code puts the webview away. */
import type { Message, Request } from "../src/panel/protocol.ts";

interface Kept {
  readonly draft: string;
}

const api = acquireVsCodeApi<Kept>();

/** Asks the extension for something. */
export function send(request: Request): void {
  api.postMessage(request);
}

/** What was typed and not sent yet. */
export function keptDraft(): string {
  return api.getState()?.draft ?? "";
}

export function keepDraft(draft: string): void {
  api.setState({ draft });
}

/** Calls `take` with each message of the extension; only VS Code can post into its webviews. */
export function listen(take: (message: Message) => void): void {
  window.addEventListener("message", (event: MessageEvent<Message>) => take(event.data));
}
