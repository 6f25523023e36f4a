/** What the extension and its webview say to each other; both import it. */
import type { Part } from "../server/parts.ts";
import type { Completions, PreviewResult } from "./answers.ts";
import type { Answer, Context, History, State, Turn } from "./state.ts";

/** Changes of the state; both sides apply them by `reduce`. */
export type Change =
  /** `draft` is what was typed and not sent. */
  | { readonly kind: "restored"; readonly state: State; readonly draft: string }
  | {
      readonly kind: "opened";
      readonly conversation: string | null;
      readonly turns: readonly Turn[];
    }
  /** `replaces` is the id of an earlier turn, which goes with all after it. */
  | { readonly kind: "asked"; readonly turn: Turn; readonly replaces: number | null }
  | { readonly kind: "part"; readonly id: number; readonly part: Part }
  | {
      readonly kind: "answered";
      readonly id: number;
      readonly conversation: string;
      readonly number: number | null;
      readonly answer: Answer;
    }
  | { readonly kind: "stopped"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly message: string }
  | { readonly kind: "context"; readonly context: Context }
  | { readonly kind: "preview"; readonly preview: PreviewResult | null }
  | { readonly kind: "history"; readonly history: History | null };

/** What the webview is told. */
export type Message =
  | Change
  | { readonly kind: "completions"; readonly text: string; readonly completions: Completions }
  /** The input takes the focus. */
  | { readonly kind: "focus" };

/**
 * What the webview asks for. Turns are named by their ids and offers by their index, so that no text
 * of a model can become a command.
 */
export type Request =
  | { readonly kind: "ready" }
  | { readonly kind: "draft"; readonly text: string }
  | { readonly kind: "ask"; readonly text: string }
  | { readonly kind: "edit"; readonly id: number; readonly text: string }
  | { readonly kind: "again"; readonly id: number }
  | { readonly kind: "step"; readonly id: number; readonly index: number }
  | { readonly kind: "apply"; readonly id: number }
  | { readonly kind: "stop" }
  /** Lines begin at 1. */
  | {
      readonly kind: "reveal";
      readonly id: number;
      readonly first: number;
      readonly last: number;
    }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "insert"; readonly text: string }
  /** Puts code in place of what the turn is about, once its difference was looked at. */
  | { readonly kind: "replace"; readonly id: number; readonly text: string }
  | { readonly kind: "complete"; readonly text: string }
  | { readonly kind: "level"; readonly level: string }
  /** Empty: lets the user type one. */
  | { readonly kind: "language"; readonly language: string }
  | { readonly kind: "chooseModel" }
  /** Does what helps when the server does not run. */
  | { readonly kind: "mend" }
  /** Leaves out what is selected, or what was said before. */
  | { readonly kind: "leaveOut"; readonly part: "selection" | "conversation" }
  | { readonly kind: "search"; readonly text: string }
  | { readonly kind: "closeHistory" }
  | { readonly kind: "open"; readonly conversation: string }
  | { readonly kind: "export"; readonly conversation: string }
  | { readonly kind: "delete"; readonly conversation: string };

type Fields = Readonly<Record<string, "string" | "number">>;

const FIELDS: Readonly<Record<Request["kind"], Fields>> = {
  ready: {},
  draft: { text: "string" },
  ask: { text: "string" },
  edit: { id: "number", text: "string" },
  again: { id: "number" },
  step: { id: "number", index: "number" },
  apply: { id: "number" },
  stop: {},
  reveal: { id: "number", first: "number", last: "number" },
  copy: { text: "string" },
  insert: { text: "string" },
  replace: { id: "number", text: "string" },
  complete: { text: "string" },
  level: { level: "string" },
  language: { language: "string" },
  chooseModel: {},
  mend: {},
  leaveOut: { part: "string" },
  search: { text: "string" },
  closeHistory: {},
  open: { conversation: "string" },
  export: { conversation: "string" },
  delete: { conversation: "string" },
};

/** Tells whether a message has the shape of a request: any script of a webview can post. */
export function isRequest(message: unknown): message is Request {
  if (typeof message !== "object" || message === null || !("kind" in message)) {
    return false;
  }
  const fields = Object.hasOwn(FIELDS, String(message.kind))
    ? FIELDS[message.kind as Request["kind"]]
    : undefined;
  return (
    fields !== undefined &&
    Object.entries(fields).every(
      ([name, type]) => typeof (message as Readonly<Record<string, unknown>>)[name] === type,
    )
  );
}
