/** What the chat's commands of `procoder lsp` return; docs/lsp.md describes them. */
import type { Checks } from "../server/results.ts";

/** A place of the protocol: lines and characters begin at 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A command of the server, to be run as it is. */
export interface Step {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly object[];
}

/** What needs no model: a hint, or that another conversation begins. */
export interface Said {
  readonly conversation: string;
  /** Null where it is not kept. */
  readonly turn: number | null;
  readonly kind: string;
  readonly markdown: string;
  readonly explanation: string;
  readonly notes: readonly string[];
  readonly next: readonly Step[];
  /** Of a hint, and the next one's. */
  readonly rung?: string;
  readonly more?: string | null;
}

/** An answer of the tutor. */
export interface Answered extends Said {
  readonly proposal: ProposalResult | null;
  readonly blocks: readonly Block[];
  readonly facts: Facts;
  readonly subject: { readonly range: Range };
  readonly checks: CheckReport;
  readonly cached: boolean;
  /** Empty where none was needed. */
  readonly model: string;
  readonly usage: Usage;
  readonly timings_ms: { readonly total: number | null };
  readonly sent: readonly string[];
}

export type ChatResult = Said | Answered;

export function isAnswered(result: ChatResult): result is Answered {
  return "facts" in result;
}

/** Either all of an edit, or only the reason why there is none. */
export interface ProposalResult {
  readonly reason?: string;
  readonly title?: string;
  readonly difference?: string;
  readonly notes?: readonly string[];
  readonly apply?: Step;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly completion_tokens: number;
}

export interface CheckReport extends Checks {
  /** Sentences that were left out, each with its reason in parentheses. */
  readonly dropped: readonly string[];
  readonly unknown_names: readonly string[];
  readonly language_checked: boolean;
  /** The verdict in words, e.g. `6 of 7 checked`. */
  readonly summary: string;
}

/** What a part of the code does; lines begin at 1. */
export interface Block {
  readonly line: number;
  readonly end_line: number;
  readonly text: string;
}

/** The facts that the panel shows; lines begin at 1. */
export interface Facts {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
  readonly end_line: number;
  readonly signature: string;
  readonly return_type: string | null;
  readonly raises: readonly { exception: string; line: number; condition: string | null }[];
  readonly catches: readonly { exception: string; line: number; outcome: string }[];
  readonly mutates: readonly { name: string; how: string; line: number }[];
  readonly touches: readonly { kind: string; name: string; line: number }[];
  readonly calls: readonly { name: string; line: number; url: string | null }[];
  readonly callers: readonly { name: string; line: number }[];
  readonly growth: { readonly order: string; readonly reason: string } | null;
  readonly traps: readonly { line: number; message: string }[];
  readonly steps: readonly { line: number; end_line: number; depth: number; text: string }[];
  readonly concepts: readonly { title: string; line: number; url: string | null }[];
}

export interface ConversationItem {
  readonly conversation: string;
  readonly title: string;
  /** How its first question begins; empty before it. */
  readonly opening: string;
  readonly uri: string | null;
  /** ISO 8601 in UTC. */
  readonly changed: string;
}

export interface StoredTurn {
  readonly turn: number;
  readonly role: "user" | "tutor";
  readonly text: string;
  readonly kind: string;
  readonly symbol: string;
  /** In words; empty where nothing was checked. */
  readonly checks: string;
  readonly model: string;
  /** Its code has changed since. */
  readonly stale: boolean;
}

export interface StoredConversation extends ConversationItem {
  readonly turns: readonly StoredTurn[];
}

export interface PreviewResult {
  readonly kind: string;
  readonly parts: readonly PreviewPart[];
  /** Null while that is not known. */
  readonly sends: boolean | null;
  readonly cached?: boolean | null;
  readonly tokens?: number | null;
  readonly answer_tokens?: number | null;
  readonly window?: number | null;
  readonly omitted?: readonly string[];
  readonly prompt?: string | null;
}

export interface PreviewPart {
  readonly kind: "code" | "diagnostics" | "conversation" | "question";
  readonly title: string;
  readonly about?: string;
  readonly tokens: number | null;
}

export interface Completions {
  /** Code points before the cursor that an item takes the place of. */
  readonly replaces: number;
  readonly items: readonly Completion[];
}

export interface Completion {
  readonly insert: string;
  readonly kind: "command" | "mention" | "symbol";
  readonly detail: string;
}
