import { html, setText } from "../../panel/element.ts";
import { Palette } from "../../panel/palette.ts";
import { count } from "../figures.ts";
import { ProgressBar } from "../files/progress-bar.ts";
import type { SharePeer } from "../sharing.ts";
import { Roster } from "./roster.ts";

/** More are counted, not listed. */
const LISTED = 30;

export interface PeopleWords {
  readonly title: string;
  /** What each is called, before their number. */
  readonly called: string;
  readonly nobody: string;
}

interface Line {
  readonly element: HTMLElement;
  readonly detail: HTMLElement;
  readonly bar: ProgressBar;
}

/** Who is connected, and how much each has. */
export class PeopleView {
  readonly element: HTMLElement;
  readonly #roster: Roster;
  readonly #palette = new Palette();
  readonly #count = html("span", { class: "size" });
  readonly #list = html("ul", { class: "people" });
  readonly #note = html("p", { class: "hint" });
  readonly #nobody: string;
  readonly #lines = new Map<string, Line>();

  constructor({ title, called, nobody }: PeopleWords) {
    this.#roster = new Roster(called);
    this.#nobody = nobody;
    const heading = html("h2", { id: "people-title" }, title);
    this.element = html(
      "section",
      { class: "card-box people-box", "aria-labelledby": "people-title" },
      html("header", {}, heading, this.#count),
      this.#list,
      this.#note,
    );
  }

  show(peers: readonly SharePeer[]): void {
    const persons = this.#roster.lines(peers);
    const here = new Set(persons.map(({ id }) => id));
    for (const [id, line] of this.#lines) {
      if (here.has(id)) continue;
      line.element.remove();
      this.#lines.delete(id);
    }
    for (const { id, name, complete, detail } of persons.slice(0, LISTED)) {
      const line = this.#lines.get(id) ?? this.#add(id, name);
      line.bar.show(complete);
      setText(line.detail, detail);
    }
    setText(this.#count, persons.length === 0 ? "" : `${persons.length} connected`);
    setText(this.#note, this.#noteOn(persons.length));
    this.#note.hidden = this.#note.textContent === "";
  }

  #noteOn(present: number): string {
    const left = this.#roster.leftWithAll;
    const notes: string[] = [];
    if (present > LISTED) notes.push(`and ${count(present - LISTED, "more", "more")}`);
    if (present === 0) notes.push(this.#nobody);
    if (left > 0) notes.push(`${left} left with everything.`);
    return notes.join(" ");
  }

  #add(id: string, name: string): Line {
    const detail = html("span", { class: "size" });
    const bar = new ProgressBar(`What ${name} has`);
    const element = html(
      "li",
      { class: this.#palette.classOf(id) },
      html("i", { class: "dot" }),
      html("span", { class: "person" }, name),
      detail,
      bar.element,
    );
    this.#list.append(element);
    const line = { element, detail, bar };
    this.#lines.set(id, line);
    return line;
  }
}
