import { randomUUID } from "node:crypto";
import type { CancellationToken } from "vscode";
import {
  CancellationToken as Cancellation,
  ExecuteCommandRequest,
  type LanguageClient,
  ProgressType,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import type { Part } from "./parts.ts";

/** What someone who runs a command wants to hear while it runs. */
export interface Listener {
  readonly onPart?: (part: Part) => void;
  readonly onWork?: (work: WorkDoneProgressBegin | WorkDoneProgressReport) => void;
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
    client.onProgress(WorkDoneProgress.type, workDoneToken, (work) => {
      if (work.kind !== "end") {
        listener.onWork?.(work);
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
