// Bundles the extension and its webview into dist/, and draws the icon; `--watch` goes on doing so.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { build, context } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ICON_PIXELS = 128; // what the marketplace asks for

const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  sourcemap: true,
  legalComments: "linked",
  logLevel: "warning",
};
const bundles = [
  {
    ...shared,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.cjs",
    platform: "node",
    format: "cjs",
    target: "node20", // what VS Code 1.91 runs extensions in
    external: ["vscode"],
  },
  {
    ...shared,
    entryPoints: ["webview/main.tsx"],
    outfile: "dist/webview/panel.js",
    platform: "browser",
    format: "iife",
    target: "es2022",
  },
  { ...shared, entryPoints: ["webview/style.css"], outfile: "dist/webview/panel.css" },
];

async function drawIcon() {
  const svg = await readFile(`${ROOT}media/icon.svg`);
  const image = new Resvg(svg, { fitTo: { mode: "width", value: ICON_PIXELS } }).render();
  await writeFile(`${ROOT}dist/icon.png`, image.asPng());
}

await mkdir(`${ROOT}dist`, { recursive: true });
await drawIcon();
if (process.argv.includes("--watch")) {
  for (const options of bundles) {
    await (await context(options)).watch();
  }
} else {
  await Promise.all(bundles.map((options) => build(options)));
}
