import { html } from "../../panel/element.ts";
import { button } from "./button.ts";

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What is on the button that does it. */
  readonly yes: string;
  readonly no: string;
}

/** Asks before something that cannot be undone; Escape is a no. */
export function ask({ title, text, yes, no }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = html("dialog", { class: "question", "aria-labelledby": "question-title" });
    const answer = (value: string) => (): void => dialog.close(value);
    dialog.append(
      html("h2", { id: "question-title" }, title),
      html("p", {}, text),
      html(
        "div",
        { class: "buttons" },
        button(no, { kind: "plain" }, answer("no")),
        button(yes, { kind: "primary" }, answer("yes")),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
