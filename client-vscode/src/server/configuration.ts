import * as vscode from "vscode";
import type { ConfigurationParams } from "vscode-languageclient/node";
import manifest from "../../package.json";
import { explicit, nested, serverSettings } from "./explicitSettings.ts";

const NAMES = serverSettings(manifest.contributes.configuration);

/** Answers `workspace/configuration` with what was set, so that the environment holds below it. */
export function answerConfiguration({ items }: ConfigurationParams): object[] {
  return items.map(({ scopeUri }) => {
    const resource = scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri, true);
    const configuration = vscode.workspace.getConfiguration("procoder", resource);
    return nested(NAMES.map((name) => [name, explicit(configuration.inspect(name))]));
  });
}
