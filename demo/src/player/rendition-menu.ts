import { html, setText } from "../panel/element.ts";
import { type RenditionState, renditionChoices } from "./renditions.ts";

interface Entry {
  readonly input: HTMLInputElement;
  readonly label: HTMLLabelElement;
  readonly detail: HTMLElement;
}

/** A row of radio buttons: what is chosen is filled, what plays has a dot. */
export class RenditionMenu {
  readonly #box: HTMLFieldSetElement;
  readonly #entries = new Map<number, Entry>();
  readonly #choose: (level: number) => void;

  /** `box` is a fieldset with its legend; `choose` gets the level's number, or `AUTO`. */
  constructor(box: HTMLFieldSetElement, choose: (level: number) => void) {
    this.#box = box;
    this.#choose = choose;
  }

  show(state: RenditionState): void {
    for (const { level, name, detail, isChosen, isPlaying } of renditionChoices(state)) {
      const entry = this.#entries.get(level) ?? this.#add(level, name);
      entry.input.checked = isChosen;
      setText(entry.detail, detail);
      entry.label.classList.toggle("playing", isPlaying);
      entry.label.title = isPlaying ? "Playing now" : "";
    }
  }

  #add(level: number, name: string): Entry {
    const input = html("input", { type: "radio", name: "rendition", value: String(level) });
    const detail = html("span", { class: "detail" });
    const label = html("label", {}, input, html("span", { class: "name" }, name), detail);
    input.addEventListener("change", () => this.#choose(level));
    this.#box.append(label);
    const entry = { input, label, detail };
    this.#entries.set(level, entry);
    return entry;
  }
}
