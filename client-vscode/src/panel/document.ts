/** The document of the webview: what it may load is said here, and it is nothing but ours. */

export interface Assets {
  readonly script: string;
  readonly style: string;
  /** Where VS Code serves files of the extension from. */
  readonly source: string;
  readonly nonce: string;
}

/** Returns the HTML; everything in it is ours. */
export function panelDocument({ script, style, source, nonce }: Assets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>ProCoder chat</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="panel"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
