/**
 * Markdown as elements of Preact. There is no HTML in between: each kind of token has its element
 * here, and what has none is shown as text. So nothing that a model writes can load, run or lead
 * anywhere but to Python's documentation.
 */
import MarkdownIt, { type Token } from "markdown-it";
import { type ComponentChild, type ComponentChildren, Fragment, h } from "preact";
import { cutAtLines } from "./lines.ts";

/** Elements that depend on where the Markdown stands. */
export interface Parts {
  readonly code: (code: string, language: string) => ComponentChild;
  readonly lines: (text: string, first: number, last: number) => ComponentChild;
}

const DOCUMENTATION = "https://docs.python.org/";

/** Elements without attributes, by the token that opens them. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ["paragraph_open", "p"],
  ["blockquote_open", "blockquote"],
  ["bullet_list_open", "ul"],
  ["ordered_list_open", "ol"],
  ["list_item_open", "li"],
  ["em_open", "em"],
  ["strong_open", "strong"],
  ["s_open", "s"],
  ["table_open", "table"],
  ["thead_open", "thead"],
  ["tbody_open", "tbody"],
  ["tr_open", "tr"],
  ["th_open", "th"],
  ["td_open", "td"],
]);

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
parser.disable(["image", "autolink", "html_block", "html_inline", "reference"]);
parser.validateLink = (address) => address.startsWith(DOCUMENTATION);

/** Returns the elements of a text. */
export function render(markdown: string, parts: Parts): ComponentChild {
  return h(Fragment, null, ...new Walk(parts).children(parser.parse(markdown, {})));
}

/** Returns the elements of a text within a line. */
export function renderInline(markdown: string, parts: Parts): ComponentChild {
  return h(Fragment, null, ...new Walk(parts).children(parser.parseInline(markdown, {})));
}

/** One pass over the tokens; containers are pairs of tokens, as deep as their nesting. */
class Walk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  children(tokens: readonly Token[]): ComponentChildren[] {
    const found: ComponentChildren[] = [];
    let index = 0;
    while (index < tokens.length) {
      const token = tokens[index] as Token;
      const end = token.nesting === 1 ? closing(tokens, index) : index;
      found.push(this.#element(token, tokens.slice(index + 1, end)));
      index = end + 1;
    }
    return found;
  }

  #element(token: Token, inner: readonly Token[]): ComponentChildren {
    return token.nesting === 1 ? this.#container(token, inner) : this.#leaf(token);
  }

  #container(token: Token, inner: readonly Token[]): ComponentChildren {
    const children = this.children(inner);
    if (token.hidden) {
      return h(Fragment, null, ...children);
    }
    if (token.type === "link_open") {
      return link(String(token.attrGet("href")), children);
    }
    if (token.type === "heading_open") {
      return h("p", { class: "heading" }, ...children);
    }
    return h(ELEMENTS.get(token.type) ?? "span", null, ...children);
  }

  #leaf(token: Token): ComponentChildren {
    switch (token.type) {
      case "inline":
        return h(Fragment, null, ...this.children(token.children ?? []));
      case "code_inline":
        return h("code", null, token.content);
      case "fence":
      case "code_block":
        return this.#parts.code(token.content.replace(/\n$/, ""), token.info.trim());
      case "softbreak":
        return "\n";
      case "hardbreak":
        return h("br", null);
      case "hr":
        return h("hr", null);
      default:
        return this.#text(token.content);
    }
  }

  #text(content: string): ComponentChildren {
    return cutAtLines(content).map(({ text, lines }) =>
      lines === undefined ? text : this.#parts.lines(text, lines.first, lines.last),
    );
  }
}

/** The index of the token that closes the one at `index`; the last one's where none does. */
function closing(tokens: readonly Token[], index: number): number {
  let depth = 0;
  const end = tokens.findIndex((token, place) => {
    depth += place < index ? 0 : token.nesting;
    return place >= index && depth === 0;
  });
  return end < 0 ? tokens.length : end;
}

/** A link to the documentation; anything else is only its text. */
export function link(address: string, children: ComponentChildren): ComponentChild {
  return address.startsWith(DOCUMENTATION)
    ? h("a", { href: address, rel: "noreferrer" }, children)
    : h("span", null, children);
}
