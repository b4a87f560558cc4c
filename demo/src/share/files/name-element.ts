import { html } from "../../panel/element.ts";
import { nameParts, shownName } from "./file-name.ts";

/** A name on one line, short of its middle where there is no room; whole in its tip and for those who listen. */
export function nameElement(name: string, tip = name): HTMLElement {
  const { head, tail } = nameParts(shownName(name));
  const element = html("span", { class: "name", dir: "auto", title: shownName(tip) });
  if (tail === "") {
    element.classList.add("wraps");
    element.append(head);
    return element;
  }
  element.append(
    html("span", { class: "name-head", "aria-hidden": "true" }, head),
    html("span", { class: "name-tail", "aria-hidden": "true" }, tail),
    // In one piece: read from the two above, there would be a pause in the word.
    html("span", { class: "unseen" }, head + tail),
  );
  return element;
}
