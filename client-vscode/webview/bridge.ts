/** The way to the extension. */
import type { Message, Request } from "../src/panel/protocol.ts";

const api = acquireVsCodeApi();

/** Asks the extension for something. */
export function send(request: Request): void {
  api.postMessage(request);
}

/** Calls `take` with each message of the extension; only VS Code can post into its webviews. */
export function listen(take: (message: Message) => void): void {
  window.addEventListener("message", (event: MessageEvent<Message>) => take(event.data));
}
