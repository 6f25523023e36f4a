import { randomUUID } from "node:crypto";
import type { CancellationToken } from "vscode";
import {
  CancellationToken as Cancellation,
  ExecuteCommandRequest,
  type LanguageClient,
  ProgressType,
  WorkDoneProgress,
} from "vscode-languageclient/node";

/** A piece of an answer, as `$/progress` brings it while a command runs. */
export type Part =
  | { readonly kind: "facts"; readonly facts: unknown }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "block";
      readonly line: number;
      readonly end_line: number;
      readonly text: string;
    }
  | { readonly kind: string };

/** What someone who runs a command wants to hear while it runs. */
export interface Listener {
  readonly onPart?: (part: Part) => void;
  /** What is happening, in words. */
  readonly onDoing?: (sentence: string) => void;
  readonly token?: CancellationToken;
}

/** Runs a command of the server; rejects with its ResponseError, whose message is for the user. */
export async function execute<Result>(
  client: LanguageClient,
  command: string,
  argument?: object,
  listener: Listener = {},
): Promise<Result> {
  const workDoneToken = randomUUID();
  const partialResultToken = randomUUID();
  const listening = [
    client.onProgress(WorkDoneProgress.type, workDoneToken, (progress) => {
      const sentence = progress.kind === "begin" ? progress.title : undefined;
      if (sentence !== undefined) {
        listener.onDoing?.(sentence);
      }
    }),
    client.onProgress(new ProgressType<Part>(), partialResultToken, (part) =>
      listener.onPart?.(part),
    ),
  ];
  const params = {
    command,
    arguments: argument === undefined ? [] : [argument],
    workDoneToken,
    partialResultToken,
  };
  try {
    return await client.sendRequest(
      ExecuteCommandRequest.type,
      params,
      listener.token ?? Cancellation.None,
    );
  } finally {
    for (const one of listening) {
      one.dispose();
    }
  }
}
