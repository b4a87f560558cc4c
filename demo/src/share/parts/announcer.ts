import { html, setText } from "../../panel/element.ts";

/** Tells those who listen to the page what has changed; once each, never each percent. */
export class Announcer {
  readonly element = html("div", { class: "unseen" });
  readonly #news = html("p", { role: "status" });
  /** Apart from the news: what somebody has just pressed for is not taken back by them. */
  readonly #answers = html("p", { role: "status", class: "answer" });

  constructor() {
    this.element.append(this.#news, this.#answers);
  }

  /** Says what goes on, unless that was said last. */
  say(text: string): void {
    setText(this.#news, text);
  }

  /** Says what a press has done, even if it is what the last one did. */
  answer(text: string): void {
    // A text that does not change is not spoken again.
    setText(this.#answers, this.#answers.textContent === text ? `${text}\u00a0` : text);
  }
}
