// Writes procoder.vsix. The wheel of the server and the lock of its dependencies lie in server/
// already: `make vsix` puts them there.
import { copyFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const CARRIED = [/^procoder-.*\.whl$/, /^requirements\.lock$/];

const there = await readdir(`${ROOT}server`).catch(() => []);
if (!CARRIED.every((name) => there.filter((file) => name.test(file)).length === 1)) {
  console.error("server/ must hold one wheel and requirements.lock: run `make vsix`");
  process.exit(1);
}
await copyFile(`${ROOT}../LICENSE`, `${ROOT}LICENSE`);
await createVSIX({
  cwd: ROOT,
  packagePath: `${ROOT}procoder.vsix`,
  dependencies: false, // they are in the bundle
  allowMissingRepository: true,
  rewriteRelativeLinks: false, // VS Code shows the pictures from the extension itself
});
