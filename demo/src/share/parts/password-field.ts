import { html, setText } from "../../panel/element.ts";
import { button } from "./button.ts";

/** A password with its label, its complaint, and a way to see what was typed. */
export class PasswordField {
  readonly element: HTMLElement;
  readonly #input = html("input", {
    type: "password",
    id: "password",
    class: "field",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "password-complaint",
  });
  readonly #complaint = html("p", { class: "complaint", id: "password-complaint" });
  readonly #look: HTMLButtonElement;

  constructor(label: string) {
    this.#look = button("Show", { name: "Show the password" }, () => this.#toggle());
    this.#look.setAttribute("aria-pressed", "false");
    this.#input.addEventListener("input", () => this.complain(""));
    this.element = html(
      "div",
      { class: "password" },
      html("label", { for: "password" }, label),
      html("div", { class: "field-row" }, this.#input, this.#look),
      this.#complaint,
    );
  }

  get value(): string {
    return this.#input.value;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Says what is wrong with it; an empty text takes that back. */
  complain(text: string): void {
    setText(this.#complaint, text);
    this.#input.toggleAttribute("aria-invalid", text !== "");
    if (text !== "") this.#input.setAttribute("aria-invalid", "true");
  }

  #toggle(): void {
    const isShown = this.#input.type === "text";
    this.#input.type = isShown ? "password" : "text";
    this.#look.setAttribute("aria-pressed", String(!isShown));
  }
}
