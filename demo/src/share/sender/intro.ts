import { html } from "../../panel/element.ts";

const STEPS = [
  ["Choose", "Files, or whole folders of any size."],
  ["Send the link", "By chat, by mail, or as a QR code."],
  ["Keep the page open", "While others receive. Those who have it all give it on, too."],
] as const;

/** What the page is for, beside the place to drop things on. */
export function intro(): HTMLElement {
  return html(
    "div",
    { class: "intro" },
    html("h1", {}, "Send files straight to another browser"),
    html(
      "p",
      { class: "lede" },
      "No upload, no account. The files go from your browser to theirs, encrypted, and each byte is checked on arrival.",
    ),
    html(
      "ol",
      { class: "intro-steps" },
      ...STEPS.map(([title, text]) => html("li", {}, html("strong", {}, title), html("span", {}, text))),
    ),
  );
}
