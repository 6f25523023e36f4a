import type { Completion } from "../src/panel/answers.ts";
import type { Offered } from "./completing.ts";

interface Properties {
  readonly offered: Offered;
  readonly onTake: (item: Completion) => void;
}

/** The id of an option, by which the input names the one that is chosen. */
export function optionId(index: number): string {
  return `offer-${index}`;
}

function scrollToIt(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

/** Commands and mentions that can stand where the cursor is; keys are the input's to handle. */
export function Offers({ offered, onTake }: Properties) {
  return (
    <div id="offers" class="offers" role="listbox" aria-label="Commands and mentions" tabIndex={-1}>
      {offered.items.map((item, index) => (
        <div
          key={item.insert}
          id={optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === offered.chosen}
          ref={index === offered.chosen ? scrollToIt : null}
          onMouseDown={(event) => {
            event.preventDefault(); // the input keeps the focus
            onTake(item);
          }}
        >
          <span>{item.insert}</span> <small>{item.detail}</small>
        </div>
      ))}
    </div>
  );
}
