import * as vscode from "vscode";
import { describeStage, type Part } from "../server/parts.ts";
import type { Listener } from "../server/requests.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { ANSWERS, EDITS } from "./names.ts";
import type { Handler } from "./registering.ts";
import { subjectOf } from "./subject.ts";

/** Commands about code: they answer in words or edit, and take a while. */
export function codeCommands(supervisor: Supervisor): Readonly<Record<string, Handler>> {
  const answers = ANSWERS.map((name) => [name, answering(supervisor, name)] as const);
  const edits = EDITS.map((name) => [name, editing(supervisor, name)] as const);
  return Object.fromEntries([...answers, ...edits]);
}

/** The words of an answer are shown when they are checked; until then, what the model does. */
function answering(supervisor: Supervisor, command: string): Handler {
  return async (argument) => {
    const subject = subjectOf(argument);
    return (
      subject &&
      whileShown((say, token) => {
        const onPart = (part: Part): void => {
          if (part.kind === "stage") {
            say(describeStage(part));
          }
        };
        return supervisor.execute(command, { ...subject, show: true }, { onPart, token });
      })
    );
  };
}

/** Edits report in words how far they are. */
function editing(supervisor: Supervisor, command: string): Handler {
  return async (argument) => {
    const subject = subjectOf(argument);
    return (
      subject &&
      whileShown((say, token) => {
        const onWork: Listener["onWork"] = (work) =>
          say(work.kind === "begin" ? work.title : (work.message ?? ""));
        return supervisor.execute(command, subject, { onWork, token });
      })
    );
  };
}

/** Shows a notification that says what is happening while `work` runs, and can cancel it. */
function whileShown<Result>(
  work: (say: (sentence: string) => void, token: vscode.CancellationToken) => Promise<Result>,
): Thenable<Result> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: "ProCoder", cancellable: true },
    (progress, token) => work((message) => progress.report({ message }), token),
  );
}
