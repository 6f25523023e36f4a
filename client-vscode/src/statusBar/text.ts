/** What the status bar says, and what a click on it does. */
import type { Status } from "../server/results.ts";
import type { ServerState } from "../server/state.ts";

export interface Shown {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly command: string;
  readonly severity: "normal" | "warning" | "error";
}

const TOGGLE = "procoder.toggle";
const NAME = "ProCoder";

/** `status` is what the running server said last; undefined before it said anything. */
export function shown(state: ServerState, status: Status | undefined, on: boolean): Shown {
  if (!on) {
    const tooltip = "ProCoder is off: it shows nothing and runs no model. Click to switch it on.";
    return { text: `$(circle-slash) ${NAME}`, tooltip, command: TOGGLE, severity: "normal" };
  }
  switch (state.kind) {
    case "running":
      return running(status);
    case "starting":
      return {
        text: `$(mortar-board) ${NAME}: starting`,
        tooltip: "The server is starting. Click to switch ProCoder off.",
        command: TOGGLE,
        severity: "normal",
      };
    case "waiting":
      return trouble("starting again", state.reason, "procoder.showLog", "warning");
    case "missing":
      return trouble("set up", state.reason, "procoder.setUp", "warning");
    case "failed":
      return trouble("stopped", state.reason, "procoder.restart", "error");
    default:
      return trouble("stopped", "It was stopped.", "procoder.restart", "normal");
  }
}

function trouble(
  word: string,
  reason: string,
  command: string,
  severity: Shown["severity"],
): Shown {
  return { text: `$(mortar-board) ${NAME}: ${word}`, tooltip: plain(reason), command, severity };
}

function running(status: Status | undefined): Shown {
  const text = status === undefined ? NAME : `${status.model}${doing(status)}`;
  return {
    text: `$(mortar-board) ${withoutIcons(text)}`,
    tooltip: status === undefined ? NAME : details(status),
    command: TOGGLE,
    severity: "normal",
  };
}

function doing({ doing: work, host }: Status): string {
  const [first] = work;
  if (first === undefined) {
    return host.state === "loading" ? ": loading" : "";
  }
  const left = first.seconds_left;
  const time = typeof left === "number" ? `, ${Math.ceil(left)} s left` : "";
  return `: ${first.title}${time}`;
}

function details(status: Status): string {
  const { host, tokens_per_second: speed } = status;
  const lines = [
    `**ProCoder ${plain(status.version)}**`,
    `Model: ${plain(status.model)}; its host is ${host.state}.`,
    `Explanations: ${plain(status.level)}, ${plain(status.language)}.`,
    speed === null ? "" : `Last answer: ${speed.toFixed(0)} tokens/s.`,
    ...status.problems.map((problem) => `⚠ ${plain(problem)}`),
    "[Choose a model](command:procoder.chooseModel) · [Stop](command:procoder.stop) · " +
      "[Log](command:procoder.showLog)",
    "Click to switch ProCoder off.",
  ];
  return lines.filter((line) => line !== "").join("\n\n");
}

/** Takes the meaning off `$(name)`: names come from files and servers. */
function withoutIcons(text: string): string {
  return text.replaceAll("$(", "\\$(");
}

/** Takes the meaning that Markdown and icons give to characters. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>$~]/g, "\\$&").replace(/\s+/g, " ");
}
