import { html, setText } from "../../panel/element.ts";
import type { Announcer } from "../parts/announcer.ts";
import { button } from "../parts/button.ts";
import { icon } from "../parts/icon.ts";
import { qrCode } from "./qr-code.ts";

const COPIED_FOR_MS = 2500;

export interface LinkViewOptions {
  readonly link: string;
  readonly hasPassword: boolean;
  /** What the link leads to, for the program that it is handed to. */
  readonly title: string;
  readonly announcer: Announcer;
}

/** The link, and every way to hand it over. */
export class LinkView {
  readonly element: HTMLElement;
  readonly #copy: HTMLButtonElement;
  readonly #copyText: Element;
  readonly #field: HTMLInputElement;
  readonly #announcer: Announcer;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ link, hasPassword, title, announcer }: LinkViewOptions) {
    this.#announcer = announcer;
    this.#field = html("input", { class: "field", id: "link", type: "text", readonly: "", value: link });
    this.#field.addEventListener("focus", () => this.#field.select());
    this.#copy = button("Copy the link", { icon: "copy", kind: "primary" }, () => void this.#copyLink());
    this.#copyText = this.#copy.lastElementChild as Element;
    const buttons = html("div", { class: "buttons" }, this.#copy);
    this.element = html(
      "section",
      { class: "card-box link-box", "aria-labelledby": "link-title" },
      html("h2", { id: "link-title" }, html("label", { for: "link" }, "The link")),
      this.#field,
      buttons,
    );
    if ("share" in navigator) {
      const pass = (): void => void navigator.share({ title, url: link }).catch(() => {});
      buttons.append(button("Share…", { icon: "send" }, pass));
    }
    const note = hasPassword
      ? "Who has it and knows the password can receive the files."
      : "Whoever has it can receive the files.";
    this.element.append(
      html("p", { class: "hint" }, ...(hasPassword ? [icon("lock")] : []), note),
      html(
        "figure",
        {},
        qrCode(link, "The link as a QR code"),
        html("figcaption", { class: "hint" }, "Point a phone’s camera at it."),
      ),
    );
  }

  focus(): void {
    this.#copy.focus();
  }

  async #copyLink(): Promise<void> {
    const copied = await this.#write();
    const text = copied ? "Copied" : "Press Ctrl+C";
    this.#announcer.answer(copied ? "The link is copied." : "The link is selected: press Ctrl+C.");
    setText(this.#copyText, text);
    this.#copy.classList.toggle("did", copied);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      setText(this.#copyText, "Copy the link");
      this.#copy.classList.remove("did");
    }, COPIED_FOR_MS);
  }

  /** False when the browser does not let the page; the link is then selected for the person to copy. */
  async #write(): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(this.#field.value);
      return true;
    } catch {
      this.#field.focus();
      return false;
    }
  }
}
