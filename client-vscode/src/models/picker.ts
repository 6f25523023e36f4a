import * as vscode from "vscode";
import { withBar } from "../progress.ts";
import type { Listener } from "../server/requests.ts";
import type { Models } from "../server/results.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { changeSetting } from "../settings.ts";
import { type Row, rows } from "./items.ts";

const CHOOSE = "procoder.chooseModel";

/** Lets the user choose a model, fetches it where it is not here, and keeps the choice. */
export async function chooseModel(supervisor: Supervisor, argument: unknown): Promise<void> {
  const listed = await supervisor.execute<Models>(CHOOSE);
  const named = rows(listed.models, listed.current).find((row) => row.id === argument);
  if (named !== undefined) {
    await use(supervisor, named);
    return;
  }
  if (listed.models.length === 0) {
    await typeModel(listed.current);
    return;
  }
  const row = await vscode.window.showQuickPick(rows(listed.models, listed.current), {
    title: "The model that explains",
    placeHolder: "Facts stay the same with every model",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (row !== undefined) {
    await use(supervisor, row);
  }
}

/** Offers to fetch the chosen model where it is not here. */
export async function offerModel(supervisor: Supervisor): Promise<void> {
  const { current, models } = await supervisor.execute<Models>(CHOOSE);
  const row = rows(models, current).find(({ id }) => id === current);
  if (row === undefined || row.installed) {
    return;
  }
  const fetch = "Fetch It";
  const other = "Choose Another…";
  const chosen = await vscode.window.showInformationMessage(
    `ProCoder shows facts already. For explanations it needs a model: ${current} (${row.description}).`,
    fetch,
    other,
  );
  if (chosen === fetch) {
    await vscode.commands.executeCommand(CHOOSE, row.id);
  } else if (chosen === other) {
    await vscode.commands.executeCommand(CHOOSE);
  }
}

async function use(supervisor: Supervisor, row: Row): Promise<void> {
  if (!row.installed) {
    await fetchModel(supervisor, row.id);
  }
  await changeSetting("model", row.id);
  void vscode.window.showInformationMessage(`ProCoder: ${row.id} explains from now on.`);
}

/** A model server of the user's own knows its models; we do not. */
async function typeModel(current: string): Promise<void> {
  const id = await vscode.window.showInputBox({
    title: "Model of your server",
    prompt: "Its id, as your model server names it",
    value: current,
  });
  if (id !== undefined && id !== "") {
    await changeSetting("model", id);
  }
}

/** A fetch that was stopped keeps what came, and goes on there the next time. */
async function fetchModel(supervisor: Supervisor, model: string): Promise<void> {
  await withBar(`Fetching ${model}`, (token, onProgress) => {
    const onWork: Listener["onWork"] = (work) =>
      onProgress({ fraction: (work.percentage ?? 0) / 100, sentence: work.message ?? "" });
    return supervisor.execute("procoder.pullModel", { model }, { onWork, token });
  });
}
