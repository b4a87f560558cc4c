import { html } from "../../panel/element.ts";
import { count } from "../figures.ts";
import { button } from "../parts/button.ts";
import { icon } from "../parts/icon.ts";
import { FileRow, type RowWork } from "./file-row.ts";
import { doneBytesOf, type FolderNode, type TreeNode } from "./file-tree.ts";

/** So many lines at a time: a folder of ten thousand files must not be ten thousand lines. */
export const LINES_AT_ONCE = 100;

/** What is in a folder: files, and folders that open when they are pressed. Only what is open is on the page. */
export class FolderView {
  readonly element = html("ul", { class: "file-list" });
  readonly #children: readonly TreeNode[];
  readonly #work: RowWork;
  readonly #open: Set<string>;
  readonly #rows = new Map<TreeNode, FileRow>();
  readonly #folders = new Map<FolderNode, FolderView>();
  readonly #more = html("li", { class: "more" });
  #fileDoneBytes: readonly number[] = [];

  /** `open` holds the paths of the folders that are open, and is kept up to date. */
  constructor(children: readonly TreeNode[], work: RowWork, open: Set<string>) {
    this.#children = children;
    this.#work = work;
    this.#open = open;
    this.element.append(this.#more);
    this.#add();
  }

  show(fileDoneBytes: readonly number[]): void {
    this.#fileDoneBytes = fileDoneBytes;
    for (const [node, row] of this.#rows) row.show(doneBytesOf(node, fileDoneBytes));
    for (const folder of this.#folders.values()) folder.show(fileDoneBytes);
  }

  #add(): void {
    const from = this.#rows.size;
    const items = this.#children.slice(from, from + LINES_AT_ONCE).map((node) => this.#item(node));
    this.#more.before(...items);
    const left = this.#children.length - this.#rows.size;
    this.#more.hidden = left === 0;
    if (left === 0) return;
    const text = `Show ${Math.min(left, LINES_AT_ONCE)} more of ${count(left, "line")} below`;
    this.#more.replaceChildren(
      button(text, { kind: "quiet" }, () => {
        this.#add();
        this.show(this.#fileDoneBytes);
        // The button that was pressed is gone: who uses the keyboard goes on with the first new line.
        items.length > 0 && focusIn(this.element.children[from + LINES_AT_ONCE]);
      }),
    );
  }

  #item(node: TreeNode): HTMLElement {
    const row = new FileRow(node, this.#work);
    this.#rows.set(node, row);
    const item = html("li");
    if (node.kind === "file") {
      item.append(row.element);
      return item;
    }
    const isOpen = this.#open.has(node.path);
    const toggle = html("button", { type: "button", class: "fold", "aria-expanded": String(isOpen) });
    toggle.append(icon("chevron"), row.element);
    toggle.addEventListener("click", () => {
      const opens = toggle.getAttribute("aria-expanded") === "false";
      toggle.setAttribute("aria-expanded", String(opens));
      if (opens) this.#openFolder(node, item);
      else this.#closeFolder(node);
    });
    item.append(toggle);
    if (isOpen) this.#openFolder(node, item);
    return item;
  }

  #openFolder(node: FolderNode, item: HTMLElement): void {
    this.#open.add(node.path);
    const folder = new FolderView(node.children, this.#work, this.#open);
    this.#folders.set(node, folder);
    folder.show(this.#fileDoneBytes);
    item.append(folder.element);
  }

  #closeFolder(node: FolderNode): void {
    this.#open.delete(node.path);
    this.#folders.get(node)?.element.remove();
    this.#folders.delete(node);
  }
}

function focusIn(line: Element | undefined): void {
  line?.querySelector<HTMLElement>("button")?.focus();
}
