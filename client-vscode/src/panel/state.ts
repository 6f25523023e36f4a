/** All that the panel shows, and how it changes; the extension holds it, its webview has a copy. */
import type { Part, StagePart } from "../server/parts.ts";
import type {
  Block,
  CheckReport,
  ConversationItem,
  Facts,
  PreviewResult,
  Usage,
} from "./answers.ts";
import type { Change } from "./protocol.ts";

export interface State {
  /** Null before the first question of a conversation. */
  readonly conversation: string | null;
  readonly turns: readonly Turn[];
  readonly context: Context;
  /** What the draft would send; null where that is not known. */
  readonly preview: PreviewResult | null;
  /** The list of conversations, while it is open. */
  readonly history: History | null;
}

/** A question and its answer. */
export interface Turn {
  /** Of this window only. */
  readonly id: number;
  /** In its conversation; null while it is asked, and where it is not kept. */
  readonly number: number | null;
  /** What was typed. */
  readonly question: string;
  /** What the button was called that asked it; empty where it was typed. */
  readonly label: string;
  readonly answer: Answer;
}

export interface Answer {
  readonly phase: "asking" | "done" | "stopped" | "failed";
  readonly kind: string;
  readonly stage: StagePart | null;
  /** The prose as far as it was written. */
  readonly markdown: string;
  readonly blocks: readonly Block[];
  readonly facts: Facts | null;
  /** The verdict of the checks in words; empty where nothing was checked. */
  readonly badge: string;
  readonly checks: CheckReport | null;
  readonly model: string;
  readonly cached: boolean;
  readonly usage: Usage | null;
  readonly milliseconds: number | null;
  readonly sent: readonly string[];
  /** Titles of what can be asked next. */
  readonly steps: readonly string[];
  readonly repeatable: boolean;
  readonly proposal: Proposal | null;
  readonly hint: Hint | null;
  readonly notes: readonly string[];
  /** Its code has changed since. */
  readonly stale: boolean;
  /** Why it failed. */
  readonly message: string;
}

export interface Proposal {
  readonly title: string;
  /** A unified diff; empty where nothing is offered. */
  readonly difference: string;
  readonly notes: readonly string[];
  /** Why nothing is offered. */
  readonly reason: string;
}

/** A rung of the ladder, and the next one. */
export interface Hint {
  readonly rung: string;
  readonly more: string | null;
}

/** What surrounds the conversation. */
export interface Context {
  /** Why nothing can be asked; empty where all is well. */
  readonly trouble: string;
  /** What the button beside the trouble does, in words; empty where nothing helps. */
  readonly remedy: string;
  /** Name of the file that questions are about; empty when no Python is open. */
  readonly file: string;
  /** Something is selected, and is what questions are about. */
  readonly selection: boolean;
  readonly level: string;
  readonly language: string;
  readonly model: string;
}

export interface History {
  readonly search: string;
  readonly conversations: readonly ConversationItem[];
}

export const NO_ANSWER: Answer = {
  phase: "asking",
  kind: "",
  stage: null,
  markdown: "",
  blocks: [],
  facts: null,
  badge: "",
  checks: null,
  model: "",
  cached: false,
  usage: null,
  milliseconds: null,
  sent: [],
  steps: [],
  repeatable: false,
  proposal: null,
  hint: null,
  notes: [],
  stale: false,
  message: "",
};

export const INITIAL: State = {
  conversation: null,
  turns: [],
  context: {
    trouble: "",
    remedy: "",
    file: "",
    selection: false,
    level: "",
    language: "",
    model: "",
  },
  preview: null,
  history: null,
};

/** Returns the state after a change; what did not change stays the same object. */
export function reduce(state: State, change: Change): State {
  switch (change.kind) {
    case "restored":
      return change.state;
    case "opened": {
      const { conversation, turns } = change;
      return { ...state, conversation, turns, history: null };
    }
    case "asked":
      return {
        ...state,
        turns: [...before(state.turns, change.replaces), change.turn],
        history: null,
      };
    case "part":
      return withAnswer(state, change.id, (answer) => withPart(answer, change.part));
    case "answered":
      return answered(state, change);
    case "stopped":
      return withAnswer(state, change.id, (answer) => ({ ...answer, phase: "stopped" }));
    case "failed":
      return withAnswer(state, change.id, (answer) => ({
        ...answer,
        phase: "failed",
        message: change.message,
      }));
    case "context":
      return { ...state, context: change.context };
    case "preview":
      return { ...state, preview: change.preview };
    case "history":
      return { ...state, history: change.history };
  }
}

/** The turn that is being answered. */
export function asking(state: State): Turn | undefined {
  return state.turns.find((turn) => turn.answer.phase === "asking");
}

function before(turns: readonly Turn[], id: number | null): readonly Turn[] {
  const index = turns.findIndex((turn) => turn.id === id);
  return index < 0 ? turns : turns.slice(0, index);
}

function answered(state: State, change: Change & { kind: "answered" }): State {
  const after = withAnswer(state, change.id, () => change.answer);
  const turns = after.turns.map((turn) =>
    turn.id === change.id ? { ...turn, number: change.number } : turn,
  );
  return { ...after, conversation: change.conversation, turns };
}

function withAnswer(state: State, id: number, update: (answer: Answer) => Answer): State {
  const turns = state.turns.map((turn) =>
    turn.id === id && turn.answer.phase === "asking"
      ? { ...turn, answer: update(turn.answer) }
      : turn,
  );
  return { ...state, turns };
}

function withPart(answer: Answer, part: Part): Answer {
  switch (part.kind) {
    case "stage":
      return { ...answer, stage: part };
    case "text":
      return { ...answer, markdown: answer.markdown + part.text };
    case "block":
      return { ...answer, blocks: [...answer.blocks, part] };
    case "facts":
      return { ...answer, facts: part.facts as Facts };
  }
}
