// Runs inside the extension host, beside the installed extension, with the real API of VS Code.
const assert = require("node:assert/strict");
const vscode = require("vscode");

const EXTENSION = "procoder.procoder";
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/** Asks again until the answer is more than nothing: the server may still be starting. */
async function eventually(ask, satisfied = (answer) => answer?.length > 0) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) {
      return answer;
    }
    assert.ok(Date.now() < end, `still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const provide = (name, ...args) => vscode.commands.executeCommand(`vscode.execute${name}`, ...args);

async function hoverAt(uri, line, column) {
  const hovers = await eventually(
    () => provide("HoverProvider", uri, new vscode.Position(line, column)),
    (found) => found?.some((hover) => hover.contents.some(({ value }) => value.includes("Raises"))),
  );
  return hovers.flatMap((hover) => hover.contents);
}

const TESTS = {
  async "every contributed command is registered"() {
    const { packageJSON } = vscode.extensions.getExtension(EXTENSION);
    const contributed = packageJSON.contributes.commands.map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(contributed.filter((command) => !registered.has(command)), []);
  },

  async "a hover trusts our four commands and nothing else"(uri) {
    const [content] = await hoverAt(uri, 3, 5);
    assert.deepEqual([...content.isTrusted.enabledCommands].sort(), [
      "procoder.ask",
      "procoder.document",
      "procoder.explain",
      "procoder.hint",
    ]);
    assert.ok(!content.supportHtml);
    assert.match(content.value, /command:procoder\.ask\?/);
  },

  async "what the linter finds is shown and can be mended"(uri) {
    const [problem] = await eventually(() => vscode.languages.getDiagnostics(uri));
    assert.equal(problem.source.toLowerCase(), "procoder");
    const actions = await eventually(
      () => provide("CodeActionProvider", uri, problem.range),
      (found) => found?.some(({ edit, isPreferred }) => edit !== undefined && isPreferred),
    );
    assert.ok(actions.some(({ command }) => command?.command.startsWith("procoder.")));
  },

  async "lenses are there and have titles"(uri) {
    const lenses = await eventually(() => provide("CodeLensProvider", uri, 10));
    assert.ok(lenses.some(({ command }) => /^Expla/.test(command?.title)));
    assert.ok(lenses.every(({ command }) => command.command.startsWith("procoder.")));
  },

  async "a file that was never saved is explained"() {
    const content = 'def f(x):\n    raise KeyError("x")\n';
    const document = await vscode.workspace.openTextDocument({ language: "python", content });
    assert.equal(document.uri.scheme, "untitled");
    const [{ value }] = await hoverAt(document.uri, 0, 4);
    assert.match(value, /Raises `KeyError`/);
  },

  async "a command edits, and undo takes it back"(uri, document) {
    const before = document.getText();
    await vscode.commands.executeCommand("procoder.fix", { uri: uri.toString(), line: 0 });
    assert.ok(!document.getText().includes("import json"));
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), before);
  },

  async "the switch holds for hovers, lenses and problems"(uri) {
    await vscode.commands.executeCommand("procoder.toggle");
    await eventually(
      async () => [
        await provide("HoverProvider", uri, new vscode.Position(3, 5)),
        await provide("CodeLensProvider", uri),
        vscode.languages.getDiagnostics(uri),
      ],
      (found) => found.every((one) => one.length === 0),
    );
    await vscode.commands.executeCommand("procoder.toggle");
    await hoverAt(uri, 3, 5);
  },
};

exports.run = async () => {
  const [folder] = vscode.workspace.workspaceFolders;
  const uri = vscode.Uri.joinPath(folder.uri, "sample.py");
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  await vscode.extensions.getExtension(EXTENSION).activate();
  const failures = [];
  for (const [name, test] of Object.entries(TESTS)) {
    try {
      await test(uri, document);
    } catch (error) {
      failures.push(`${name}: ${error.stack}`);
    }
  }
  assert.equal(failures.length, 0, failures.join("\n"));
};
