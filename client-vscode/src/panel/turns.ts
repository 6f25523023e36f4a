/** Turns as the panel shows them, made of what the server returns. */
import {
  type Answered,
  type ChatResult,
  isAnswered,
  type ProposalResult,
  type StoredTurn,
} from "./answers.ts";
import { type Answer, NO_ANSWER, type Proposal, type Turn } from "./state.ts";

const CARDS = new Set(["explain", "blocks"]);

/** Commands of the chat by the kind of question that they ask. */
const SLASHES: ReadonlyMap<string, string> = new Map([
  ["explain", "/explain"],
  ["blocks", "/parts"],
  ["fix", "/fix"],
  ["simplify", "/simplify"],
  ["document", "/doc"],
  ["tests", "/tests"],
]);

/** Returns the answer that a result holds. */
export function toAnswer(result: ChatResult): Answer {
  const { kind, notes, rung, more } = result;
  return {
    ...NO_ANSWER,
    phase: "done",
    kind,
    markdown: result.explanation,
    steps: result.next.map((step) => step.title),
    hint: rung === undefined ? null : { rung, more: more ?? null },
    notes,
    ...(isAnswered(result) ? ofTutor(result) : {}),
  };
}

/** What only an answer of the tutor has. */
function ofTutor(result: Answered): Partial<Answer> {
  const { blocks, cached, checks, facts, model, proposal, sent, usage } = result;
  return {
    markdown: prose(result),
    blocks,
    facts,
    badge: model === "" ? "" : checks.summary,
    checks,
    model,
    cached,
    usage,
    milliseconds: result.timings_ms.total,
    sent,
    repeatable: true,
    proposal: proposal && toProposal(proposal),
  };
}

/**
 * Returns the turns of a conversation that was kept, with ids from `firstId` on. An answer follows
 * its question; a question without one was interrupted.
 */
export function toTurns(stored: readonly StoredTurn[], firstId: number): readonly Turn[] {
  return stored.flatMap((question, index) => {
    if (question.role !== "user") {
      return [];
    }
    const reply = stored[index + 1];
    const answer = reply?.role === "tutor" ? kept(reply) : interrupted(question);
    const { turn: number, text } = question;
    return [{ id: firstId + index, number, question: wordsOf(question), label: text, answer }];
  });
}

/** Returns what to type in order to ask the question of a kept turn once more. */
function wordsOf(question: StoredTurn): string {
  const slash = SLASHES.get(question.kind);
  return slash === undefined ? question.text : `${slash} @symbol:${question.symbol}`;
}

function kept({ kind, text, checks, model, stale }: StoredTurn): Answer {
  const badge = model === "" ? "" : checks;
  return {
    ...NO_ANSWER,
    phase: "done",
    kind,
    markdown: text,
    badge,
    model,
    stale,
    repeatable: true,
  };
}

function interrupted({ kind }: StoredTurn): Answer {
  return { ...NO_ANSWER, phase: "stopped", kind, repeatable: true };
}

/** Where the model's prose did not hold, the server's words take its place; facts have their card. */
function prose({ kind, explanation, markdown, proposal }: Answered): string {
  return explanation !== "" || CARDS.has(kind) || proposal !== null ? explanation : markdown;
}

function toProposal(proposal: ProposalResult): Proposal {
  return {
    title: proposal.title ?? "",
    difference: proposal.difference ?? "",
    notes: proposal.notes ?? [],
    reason: proposal.reason ?? "",
  };
}
