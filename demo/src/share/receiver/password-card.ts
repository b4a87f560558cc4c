import { html } from "../../panel/element.ts";
import { icon } from "../parts/icon.ts";
import { PasswordField } from "../parts/password-field.ts";

/** Asks for the password of a link; `complaint` says what was wrong with the last one. */
export function passwordCard(complaint: string, open: (password: string) => void): HTMLElement {
  const field = new PasswordField("Password");
  const submit = html("button", { type: "submit", class: "button primary" }, html("span", {}, "Open"));
  const form = html("form", { novalidate: "" }, field.element, submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value !== "") return open(field.value);
    field.complain("Type the password that the sender told you.");
    field.focus();
  });
  field.complain(complaint);
  const card = html(
    "section",
    { class: "card-box end" },
    html("span", { class: "badge" }, icon("lock")),
    html("h1", {}, "These files have a password"),
    html("p", {}, "Ask the sender for it. It never leaves this browser."),
    form,
  );
  // Once it is on the page.
  queueMicrotask(() => field.focus());
  return card;
}
