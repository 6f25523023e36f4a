import * as vscode from "vscode";
import { isCancellation } from "../commands/registering.ts";
import type { Supervisor } from "../server/supervisor.ts";
import {
  type ChatResult,
  isAnswered,
  type Range,
  type Step,
  type StoredConversation,
} from "./answers.ts";
import type { Place } from "./place.ts";
import type { Change } from "./protocol.ts";
import { INITIAL, NO_ANSWER, reduce, type State, type Turn } from "./state.ts";
import { toAnswer, toTurns } from "./turns.ts";

const CHAT = "procoder.chat";
const REMEMBERED = "procoder.conversation";
const DRAFT = "procoder.draft";

/** Argument of `procoder.chat`. */
interface Question {
  readonly uri: string;
  readonly text: string;
  readonly range?: Range;
  readonly conversation?: string;
}

/** How a question is asked. */
interface Asking {
  /** What the button is called that asks it; empty where it was typed. */
  readonly label: string;
  /** Id of a turn that this one takes the place of, with all after it. */
  readonly replaces?: number;
  /** Asks the model, whatever is kept. */
  readonly refresh?: true;
}

/** What a turn was asked with, and what its answer offers; the webview never sees it. */
interface Offer {
  readonly question: Question;
  readonly steps: readonly Step[];
  readonly apply: Step | undefined;
  /** Of the code that the answer is about. */
  readonly range: Range | undefined;
}

/** One conversation with the server, as the panel shows it. */
export class Chat implements vscode.Disposable {
  readonly #supervisor: Supervisor;
  readonly #place: Place;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<Change>();
  readonly #offers = new Map<number, Offer>();
  #state: State = INITIAL;
  #running: vscode.CancellationTokenSource | undefined;
  #nextId = 1;

  readonly onDidChange = this.#changed.event;

  constructor(supervisor: Supervisor, place: Place, memory: vscode.Memento) {
    this.#supervisor = supervisor;
    this.#place = place;
    this.#memory = memory;
  }

  get state(): State {
    return this.#state;
  }

  /** What was typed and not sent; it outlives the window. */
  get draft(): string {
    return this.#memory.get(DRAFT, "");
  }

  keepDraft(text: string): void {
    void this.#memory.update(DRAFT, text || undefined);
  }

  /** Changes the state, and tells it on. */
  change(change: Change): void {
    this.#state = reduce(this.#state, change);
    this.#changed.fire(change);
  }

  /** Opens the conversation that was open when the window was closed. */
  async restore(): Promise<void> {
    const conversation = this.#memory.get<string>(REMEMBERED);
    if (conversation !== undefined && this.#state.conversation === null) {
      await this.open(conversation);
    }
  }

  /** Opens a conversation that was kept. */
  async open(conversation: string): Promise<void> {
    const stored = await this.#supervisor.execute<StoredConversation>("procoder.readConversation", {
      conversation,
    });
    const turns = toTurns(stored.turns, this.#nextId);
    this.#show(stored.conversation, turns);
    for (const { id, question: text } of turns) {
      const uri = stored.uri ?? this.#place.uri;
      if (uri !== undefined) {
        const question = { uri, text, conversation: stored.conversation };
        this.#offers.set(id, { question, steps: [], apply: undefined, range: undefined });
      }
    }
  }

  /** Begins a conversation; the server hears of it with the first question. */
  begin(): void {
    this.#show(null, []);
  }

  /** Asks what was typed, about the code at the cursor. */
  async ask(text: string): Promise<void> {
    const question = await this.question(text);
    if (question !== undefined) {
      await this.#run(question, { label: "" });
    }
  }

  /** Asks a question of the server's making. */
  async take(step: Step): Promise<void> {
    const [argument] = step.arguments ?? [];
    if (step.command === CHAT && argument !== undefined) {
      const conversation = await this.#conversation((argument as Question).uri);
      await this.#run({ conversation, ...(argument as Question) }, { label: step.title });
    }
  }

  /** Asks what follows an answer: its `index`-th next step. */
  async step(id: number, index: number): Promise<void> {
    const step = this.#offers.get(id)?.steps[index];
    if (step !== undefined) {
      await this.take(step);
    }
  }

  /** Asks the model once more, in place of a turn. */
  async again(id: number): Promise<void> {
    const offer = this.#offers.get(id);
    const turn = this.#turn(id);
    if (offer !== undefined && turn !== undefined) {
      await this.#run(offer.question, { label: turn.label, replaces: id, refresh: true });
    }
  }

  /** Asks other words in place of a turn, about the same code. */
  async edit(id: number, text: string): Promise<void> {
    const offer = this.#offers.get(id);
    if (offer !== undefined) {
      await this.#run({ ...offer.question, text }, { label: "", replaces: id });
    }
  }

  /** Applies the edit that an answer proposes; it is the server's to apply. */
  async apply(id: number): Promise<void> {
    const apply = this.#offers.get(id)?.apply;
    if (apply !== undefined) {
      await this.#supervisor.execute(apply.command, apply.arguments?.[0]);
    }
  }

  /** Stops the answer that is being written. */
  stop(): void {
    this.#running?.cancel();
  }

  /** Where the answer of a turn points. */
  subject(id: number): { readonly uri: string; readonly range: Range | undefined } | undefined {
    const offer = this.#offers.get(id);
    return offer && { uri: offer.question.uri, range: offer.range };
  }

  /** The question that a text would be, now; undefined when no Python is open. */
  async question(text: string): Promise<Question | undefined> {
    const here = await this.#here();
    return here && { ...here, text };
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }

  async #here(): Promise<Omit<Question, "text"> | undefined> {
    const { uri, range } = this.#place;
    if (uri === undefined) {
      return undefined;
    }
    const conversation = await this.#conversation(uri);
    return range === undefined ? { uri, conversation } : { uri, range, conversation };
  }

  /** Without one of its own, a question would go on where another editor stopped. */
  async #conversation(uri: string): Promise<string> {
    if (this.#state.conversation !== null) {
      return this.#state.conversation;
    }
    const { conversation } = await this.#supervisor.execute<{ conversation: string }>(
      "procoder.newConversation",
      { uri },
    );
    this.#show(conversation, []);
    return conversation;
  }

  #show(conversation: string | null, turns: readonly Turn[]): void {
    this.stop();
    this.#offers.clear();
    this.#nextId = (turns.at(-1)?.id ?? this.#nextId) + 1;
    this.change({ kind: "opened", conversation, turns });
    void this.#memory.update(REMEMBERED, conversation ?? undefined);
  }

  /** Asks, and shows the answer as it comes. */
  async #run(question: Question, { label, replaces, refresh }: Asking): Promise<void> {
    this.stop();
    const id = this.#nextId++;
    const argument = { ...question, ...this.#inPlaceOf(replaces), ...(refresh && { refresh }) };
    const turn = { id, number: null, question: question.text, label, answer: NO_ANSWER };
    this.#offers.set(id, { question, steps: [], apply: undefined, range: undefined });
    this.change({ kind: "asked", turn, replaces: replaces ?? null });
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    try {
      const result = await this.#supervisor.execute<ChatResult>(CHAT, argument, {
        token: source.token,
        onPart: (part) => this.change({ kind: "part", id, part }),
      });
      this.#answered(id, question, result);
    } catch (error) {
      this.change(
        isCancellation(error)
          ? { kind: "stopped", id }
          : { kind: "failed", id, message: error instanceof Error ? error.message : String(error) },
      );
    } finally {
      source.dispose();
      if (this.#running === source) {
        this.#running = undefined;
      }
    }
  }

  #answered(id: number, question: Question, result: ChatResult): void {
    if (result.kind === "new" || result.kind === "clear") {
      this.#show(result.conversation, []);
      return;
    }
    const answered = isAnswered(result) ? result : undefined;
    this.#offers.set(id, {
      question,
      steps: result.next,
      apply: answered?.proposal?.apply,
      range: answered?.subject.range,
    });
    const { conversation, turn: number } = result;
    this.change({ kind: "answered", id, conversation, number, answer: toAnswer(result) });
  }

  /** The server's number of a turn, or of the first after it that has one. */
  #inPlaceOf(id: number | undefined): { readonly replaces?: number } {
    const index = this.#state.turns.findIndex((turn) => turn.id === id);
    const after = index < 0 ? [] : this.#state.turns.slice(index);
    const number = after.find((turn) => turn.number !== null)?.number ?? undefined;
    return number === undefined ? {} : { replaces: number };
  }

  #turn(id: number): Turn | undefined {
    return this.#state.turns.find((turn) => turn.id === id);
  }
}
