import assert from "node:assert/strict";
import { test } from "node:test";
import { type ComponentChildren, h, isValidElement, type VNode } from "preact";
import { link, type Parts, render, renderInline } from "../../webview/markdown.ts";
import poison from "./poison.json" with { type: "json" };

const PARTS: Parts = {
  code: (code, language) => h("pre", { title: language }, code),
  lines: (text, first, last) => h("button", { value: `${first}-${last}` }, text),
};
const HARMLESS = new Set(
  "p blockquote ul ol li em strong s table thead tbody tr th td span a code pre button br hr".split(
    " ",
  ),
);

function elements(children: ComponentChildren): readonly VNode<Record<string, unknown>>[] {
  if (Array.isArray(children)) {
    return children.flatMap(elements);
  }
  if (!isValidElement(children)) {
    return [];
  }
  const node = children as VNode<Record<string, unknown>>;
  const inner = elements(node.props["children"] as ComponentChildren);
  return typeof node.type === "string" ? [node, ...inner] : inner;
}

function textOf(children: ComponentChildren): string {
  if (Array.isArray(children)) {
    return children.map(textOf).join("");
  }
  return isValidElement(children)
    ? textOf((children as VNode<{ children: ComponentChildren }>).props.children)
    : String(children ?? "");
}

function tags(markdown: string): string {
  return elements(render(markdown, PARTS))
    .map(({ type }) => type)
    .join(" ");
}

const PAYLOADS = [
  ...poison.forms.flatMap((form) =>
    poison.addresses.map((address) => form.replaceAll("ADDRESS", address)),
  ),
  ...poison.others,
];

test("there are more than 200 payloads, each of its own", () => {
  assert.ok(new Set(PAYLOADS).size > 200);
});

for (const payload of PAYLOADS) {
  test(`nothing loads, runs or leads away: ${JSON.stringify(payload).slice(0, 90)}`, () => {
    for (const found of [render(payload, PARTS), renderInline(payload, PARTS)]) {
      for (const { type, props } of elements(found)) {
        assert.ok(HARMLESS.has(String(type)), String(type));
        assert.ok(!("dangerouslySetInnerHTML" in props));
        const names = Object.keys(props).filter((name) => name !== "children");
        const allowed = type === "a" ? ["href", "rel"] : ["title", "value", "class"];
        assert.deepEqual(
          names.filter((name) => !allowed.includes(name)),
          [],
        );
        assert.ok(type !== "a" || String(props["href"]).startsWith("https://docs.python.org/"));
      }
    }
  });
}

const shapes: readonly [markdown: string, expected: string][] = [
  ["a *b* **c** ~~d~~ `e`", "p em strong s code"],
  ["- a\n- b", "ul li li"],
  ["1. a\n\n   b", "ol li p p"],
  ["> a", "blockquote p"],
  ["# a", "p"],
  ["| a |\n|---|\n| b |", "table thead tr th tbody tr td"],
  ["a  \nb\n\n---", "p br hr"],
  ["```python\nx\n```", "pre"],
  ["see line 3, `line 4`", "p button code"],
  ["[t](https://docs.python.org/3/)", "p a"],
  ["```python\nopen fence", "pre"],
  ["**open", "p"],
];
for (const [markdown, expected] of shapes) {
  test(`elements of ${JSON.stringify(markdown)}`, () => assert.equal(tags(markdown), expected));
}

test("text stays as it was written", () => {
  assert.equal(textOf(render("a < b & c &amp; <b>", PARTS)), "a < b & c & <b>");
  assert.equal(textOf(link("https://evil.example", "text")), "text");
});
