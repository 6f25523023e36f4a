import type { ComponentChildren } from "preact";

interface Properties {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Preformatted text, which takes the focus so that the keyboard can scroll it. */
export function Scrolled({ label, children }: Properties) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section cannot be preformatted
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
    <pre tabIndex={0} role="region" aria-label={label}>
      {children}
    </pre>
  );
}
