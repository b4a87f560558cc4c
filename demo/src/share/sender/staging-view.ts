import { html, setText } from "../../panel/element.ts";
import { formatBytes } from "../../panel/format.ts";
import { count } from "../figures.ts";
import { shownName } from "../files/file-name.ts";
import { nameElement } from "../files/name-element.ts";
import { button, iconButton } from "../parts/button.ts";
import { icon } from "../parts/icon.ts";
import { PasswordField } from "../parts/password-field.ts";
import { streamsPicture } from "../parts/streams-picture.ts";
import { type StagedItem, totalOf } from "./staged-items.ts";

/** More are counted, not listed. */
const LISTED = 100;

export interface StagingActions {
  readonly addFiles: () => void;
  readonly addFolder: () => void;
  readonly remove: (item: StagedItem) => void;
  readonly send: (password: string | undefined) => void;
}

/** The card where files are chosen, and looked over before the link is made. */
export class StagingView {
  readonly element = html("section", { class: "card-box staging", "aria-label": "What to send" });
  readonly #actions: StagingActions;
  readonly #list = html("ul", { class: "staged" });
  readonly #total = html("p", { class: "total" });
  readonly #send: HTMLButtonElement;
  readonly #wantsPassword = html("input", { type: "checkbox", id: "wants-password" });
  readonly #password = new PasswordField("Password");
  readonly #reading = html("p", { class: "hint reading", role: "status", hidden: "" }, "Looking through it…");
  readonly #empty: HTMLElement;
  readonly #full: HTMLElement;

  constructor(actions: StagingActions) {
    this.#actions = actions;
    const { addFiles, addFolder } = actions;
    this.#send = button("Create the link", { kind: "primary" }, () => this.#pressSend());
    this.#empty = html(
      "div",
      { class: "empty" },
      streamsPicture(false),
      html(
        "h2",
        {},
        html("span", { class: "for-mouse" }, "Drop files or folders here"),
        html("span", { class: "for-touch" }, "Choose what to send"),
      ),
      html(
        "div",
        { class: "buttons" },
        button("Choose files", { icon: "file", kind: "primary" }, addFiles),
        button("Choose a folder", { icon: "folder" }, addFolder),
      ),
      html("p", { class: "hint for-mouse" }, "or paste them with Ctrl+V"),
    );
    const add = html(
      "div",
      { class: "buttons" },
      button("Add files", { icon: "plus" }, addFiles),
      button("Add a folder", { icon: "plus" }, addFolder),
    );
    this.#wantsPassword.addEventListener("change", () => this.#showPassword(true));
    this.#full = html("div", { class: "full" }, this.#list, this.#total, add, this.#options(), this.#send);
    this.#showPassword(false);
  }

  show(items: readonly StagedItem[]): void {
    const wasEmpty = !this.#full.isConnected;
    const isEmpty = items.length === 0;
    this.element.replaceChildren(isEmpty ? this.#empty : this.#full, this.#reading);
    if (isEmpty) return;
    this.#list.replaceChildren(...items.slice(0, LISTED).map((item) => this.#item(item)));
    const unlisted = items.length - LISTED;
    if (unlisted > 0)
      this.#list.append(html("li", { class: "more" }, `and ${count(unlisted, "more", "more")}`));
    setText(this.#total, totalWords(items));
    // What comes next is one key away.
    if (wasEmpty) this.#send.focus({ preventScroll: true });
  }

  /** The first thing to press, for who has just emptied the list. */
  focusFirst(): void {
    this.element.querySelector<HTMLElement>("button")?.focus();
  }

  /** A large folder takes a while to be looked through. */
  setReading(isReading: boolean): void {
    this.#reading.hidden = !isReading;
  }

  setBusy(isBusy: boolean): void {
    this.#send.disabled = isBusy;
    setText(this.#send.lastElementChild as Element, isBusy ? "Reading the files…" : "Create the link");
  }

  #options(): HTMLElement {
    const label = html("label", { class: "check", for: "wants-password" });
    label.append(this.#wantsPassword, html("span", {}, "Ask for a password"));
    const hint = "Tell it to them another way than the link.";
    this.#password.element.append(html("p", { class: "hint" }, hint));
    return html("div", { class: "options" }, label, this.#password.element);
  }

  #showPassword(focuses: boolean): void {
    this.#password.element.hidden = !this.#wantsPassword.checked;
    if (focuses && this.#wantsPassword.checked) this.#password.focus();
  }

  #pressSend(): void {
    if (!this.#wantsPassword.checked) return this.#actions.send(undefined);
    if (this.#password.value !== "") return this.#actions.send(this.#password.value);
    this.#password.complain("Type a password, or take the tick away.");
    this.#password.focus();
  }

  #item(item: StagedItem): HTMLElement {
    const size = formatBytes(item.sizeBytes);
    const detail = item.kind === "file" ? size : `${count(item.files.length, "file")} · ${size}`;
    const remove = iconButton(`Take ${shownName(item.name)} away`, "cross", () => this.#actions.remove(item));
    return html(
      "li",
      {},
      icon(item.kind),
      nameElement(item.name),
      html("span", { class: "size" }, detail),
      remove,
    );
  }
}

function totalWords(items: readonly StagedItem[]): string {
  const { fileCount, sizeBytes } = totalOf(items);
  return `${count(fileCount, "file")}, ${formatBytes(sizeBytes)}`;
}
