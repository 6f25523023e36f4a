import * as vscode from "vscode";

/** How far some work is; `fraction` is of the whole, between 0 and 1. */
export interface Progress {
  readonly fraction: number;
  readonly sentence: string;
}

/**
 * Shows a notification with a bar while `work` runs; its button aborts `work`, whatever that rejects
 * with then. Rejects with CancellationError if so, else with what `work` does.
 */
export async function withBar(
  title: string,
  work: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>,
): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (bar, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => stopping.abort());
    let reached = 0;
    try {
      await work(stopping.signal, ({ fraction, sentence }) => {
        const increment = Math.max(0, fraction - reached) * 100;
        bar.report({ message: sentence, increment });
        reached = Math.max(fraction, reached);
      });
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    }
  });
}
