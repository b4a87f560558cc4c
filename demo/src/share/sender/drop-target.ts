import { html } from "../../panel/element.ts";
import { icon } from "../parts/icon.ts";

function hasFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes("Files") ?? false;
}

/**
 * The whole page as a place to drop files on, or to paste them into. What is dropped beside it would else open in the
 * page's place, and end what goes on in it.
 */
export class DropTarget {
  readonly #veil = html(
    "div",
    { class: "veil", hidden: "", "aria-hidden": "true" },
    html("div", {}, icon("down"), html("strong", {}, "Drop to add")),
  );
  readonly #take: (data: DataTransfer) => void;
  readonly #isOpen: () => boolean;

  /** `isOpen`: whether anything is taken at the time. */
  constructor(take: (data: DataTransfer) => void, isOpen: () => boolean) {
    this.#take = take;
    this.#isOpen = isOpen;
    document.body.append(this.#veil);
    addEventListener("dragenter", (event) => this.#over(event));
    addEventListener("dragover", (event) => this.#over(event));
    addEventListener("dragleave", (event) => {
      // Between two elements the pointer has not left the page.
      if (event.relatedTarget === null) this.#veil.hidden = true;
    });
    addEventListener("drop", (event) => this.#drop(event));
    addEventListener("paste", ({ clipboardData }) => {
      if (this.#isOpen() && hasFiles(clipboardData)) this.#take(clipboardData);
    });
  }

  #over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#isOpen() ? "copy" : "none";
    this.#veil.hidden = !this.#isOpen();
  }

  #drop(event: DragEvent): void {
    this.#veil.hidden = true;
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (this.#isOpen()) this.#take(event.dataTransfer);
  }
}
