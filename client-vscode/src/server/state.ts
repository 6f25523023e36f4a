/** What the language server is doing, as the status bar and the chat show it. */
export type ServerState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "waiting"; readonly seconds: number; readonly reason: string }
  | Missing
  | { readonly kind: "failed"; readonly reason: string };

/** There is no Python to run the server in. */
export interface Missing {
  readonly kind: "missing";
  readonly reason: string;
  /** What helps: an environment of our own, or another value of `procoder.server.interpreter`. */
  readonly remedy: "environment" | "setting";
}

/** Says in a sentence or two why a command cannot be run now, and what to do. */
export function whyUnavailable(state: ServerState): string {
  switch (state.kind) {
    case "waiting":
      return `ProCoder's server ended (${state.reason}) and starts again in ${state.seconds} s. Try again then.`;
    case "missing":
      return `ProCoder has no Python to run in: ${state.reason}`;
    case "failed":
      return `ProCoder's server does not run: ${state.reason}`;
    default:
      return "ProCoder's server does not run. Choose “ProCoder: Restart Server”.";
  }
}
