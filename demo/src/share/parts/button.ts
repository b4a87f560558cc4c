import { html } from "../../panel/element.ts";
import { type IconName, icon } from "./icon.ts";

export interface ButtonLook {
  readonly icon?: IconName;
  readonly kind?: "primary" | "plain" | "quiet";
  /** What it is called where its text alone would not say it: one "Download" among many. */
  readonly name?: string;
}

export function button(text: string, look: ButtonLook, onPress: () => void): HTMLButtonElement {
  const element = html("button", { type: "button", class: `button ${look.kind ?? "plain"}` });
  if (look.icon) element.append(icon(look.icon));
  element.append(html("span", {}, text));
  if (look.name !== undefined) element.setAttribute("aria-label", look.name);
  element.addEventListener("click", onPress);
  return element;
}

/** A button that is its icon; its name is for those who do not see it, and a tip for those who do. */
export function iconButton(name: string, shown: IconName, onPress: () => void): HTMLButtonElement {
  const element = html("button", {
    type: "button",
    class: "button icon-only",
    "aria-label": name,
    title: name,
  });
  element.append(icon(shown));
  element.addEventListener("click", onPress);
  return element;
}
