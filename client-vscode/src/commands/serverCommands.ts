import * as vscode from "vscode";
import type { Supervisor } from "../server/supervisor.ts";
import { ANSWERS, EDITS } from "./names.ts";
import type { Handler } from "./registering.ts";
import { subjectOf } from "./subject.ts";

/** Commands about code: they answer in words or edit, and take a while. */
export function codeCommands(supervisor: Supervisor): Readonly<Record<string, Handler>> {
  const answers = ANSWERS.map((name) => [name, about(supervisor, name, { show: true })] as const);
  const edits = EDITS.map((name) => [name, about(supervisor, name, {})] as const);
  return Object.fromEntries([...answers, ...edits]);
}

function about(supervisor: Supervisor, command: string, extra: object): Handler {
  return async (argument) => {
    const subject = subjectOf(argument);
    return subject && whileShown(supervisor, command, { ...subject, ...extra });
  };
}

/** Runs a command while a notification says what is happening, and can cancel it. */
function whileShown(supervisor: Supervisor, command: string, argument: object): Thenable<unknown> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: "ProCoder",
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    const onDoing = (sentence: string): void => progress.report({ message: sentence });
    return supervisor.execute(command, argument, { onDoing, token });
  });
}
