import * as vscode from "vscode";

/** How far some work is; `fraction` is of the whole, between 0 and 1. */
export interface Progress {
  readonly fraction: number;
  readonly sentence: string;
}

/**
 * Shows a notification with a bar while `work` runs, which its button cancels. Rejects then with
 * CancellationError, whatever `work` made of it.
 */
export async function withBar(
  title: string,
  work: (
    token: vscode.CancellationToken,
    onProgress: (progress: Progress) => void,
  ) => Promise<unknown>,
): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (bar, token) => {
    let reached = 0;
    try {
      await work(token, ({ fraction, sentence }) => {
        const increment = Math.max(0, fraction - reached) * 100;
        bar.report({ message: sentence, increment });
        reached = Math.max(fraction, reached);
      });
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    }
  });
}
