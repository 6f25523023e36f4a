/** The chat panel, inside its webview. */
document.body.textContent = "Hover a function, or choose “ProCoder: Explain”.";
