import { html } from "../../panel/element.ts";
import { button, iconButton } from "./button.ts";
import { icon } from "./icon.ts";
import type { Trouble } from "./trouble-words.ts";

export type Remedies = Readonly<Partial<Record<NonNullable<Trouble["remedy"]>, () => void>>>;

/** Of more than so many the oldest go. */
const MOST = 4;

/** What went wrong and goes on all the same: one box each, which can be put away. */
export class TroubleList {
  readonly element = html("div", { class: "troubles", role: "alert" });
  readonly #boxes = new Map<string, HTMLElement>();

  /** Shows it, unless it is there already. */
  show({ code, title, text }: Trouble): void {
    const key = `${code}: ${text}`;
    if (this.#boxes.has(key)) return;
    const box = html(
      "div",
      { class: "trouble", "data-code": code },
      icon("alert"),
      html("div", {}, html("strong", {}, title), html("p", {}, text)),
      iconButton("Hide this message", "cross", () => this.#remove(key)),
    );
    this.#boxes.set(key, box);
    this.element.append(box);
    const [oldest] = this.#boxes.keys();
    if (this.#boxes.size > MOST && oldest !== undefined) this.#remove(oldest);
  }

  /** It is over. */
  hide({ code, text }: Trouble): void {
    this.#remove(`${code}: ${text}`);
  }

  #remove(key: string): void {
    this.#boxes.get(key)?.remove();
    this.#boxes.delete(key);
  }
}

const REMEDY_WORDS = { reload: "Try again", "send-again": "Choose again" } as const;

/** What went wrong and is the end of it: in the place of all else. */
export function troubleCard(
  { code, title, text, remedy }: Trouble,
  remedies: Remedies,
  ...others: readonly HTMLElement[]
): HTMLElement {
  const card = html(
    "section",
    { class: "card-box end", role: "alert", "data-code": code },
    html("span", { class: "badge bad" }, icon("alert")),
    html("h1", { tabindex: "-1" }, title),
    html("p", {}, text),
  );
  const buttons = html("div", { class: "buttons" });
  const press = remedy && remedies[remedy];
  if (press) buttons.append(button(REMEDY_WORDS[remedy], { kind: "primary" }, press));
  buttons.append(...others);
  card.append(buttons);
  return card;
}
