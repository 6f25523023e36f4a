import * as vscode from "vscode";

const SECTION = "procoder";

/** Reads a setting as it holds for no document in particular. */
export function setting<Value>(name: string, otherwise: Value): Value {
  return vscode.workspace.getConfiguration(SECTION).get(name, otherwise);
}

/** Sets a setting where it takes effect: in the workspace if that has a value of its own. */
export async function changeSetting(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const target =
    configuration.inspect(name)?.workspaceValue === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await configuration.update(name, value, target);
}
