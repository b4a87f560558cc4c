import { html, setText } from "../../panel/element.ts";
import { formatBytes } from "../../panel/format.ts";
import { count } from "../figures.ts";
import type { SharedFile } from "../sharing.ts";
import type { RowWork } from "./file-row.ts";
import { FileRow } from "./file-row.ts";
import { type FileNode, type FolderNode, filesNamed, fileTree, openAtFirst } from "./file-tree.ts";
import { FolderView, LINES_AT_ONCE } from "./folder-view.ts";

/** Fewer are found by looking. */
const WORTH_SEARCHING = 30;

/** The files of a share: by folder, or those whose path holds what is searched for. */
export class FilesView {
  readonly element: HTMLElement;
  readonly #work: RowWork;
  readonly #tree: FolderNode;
  readonly #open: Set<string>;
  readonly #body = html("div");
  readonly #found = html("p", { class: "found", role: "status" });
  #shown: { show(fileDoneBytes: readonly number[]): void };
  #fileDoneBytes: readonly number[] = [];

  constructor(files: readonly SharedFile[], work: RowWork) {
    this.#work = work;
    this.#tree = fileTree(files);
    this.#open = openAtFirst(this.#tree);
    this.#shown = this.#byFolder();
    this.element = html(
      "section",
      { class: "card-box files-box", "aria-labelledby": "files-title" },
      html(
        "header",
        {},
        html("h2", { id: "files-title" }, "Files"),
        html(
          "span",
          { class: "size" },
          `${count(files.length, "file")} · ${formatBytes(this.#tree.sizeBytes)}`,
        ),
      ),
    );
    if (files.length > WORTH_SEARCHING) this.element.append(this.#search());
    this.element.append(this.#body);
  }

  show(fileDoneBytes: readonly number[]): void {
    this.#fileDoneBytes = fileDoneBytes;
    this.#shown.show(fileDoneBytes);
  }

  #search(): HTMLElement {
    const input = html("input", {
      type: "search",
      class: "field",
      placeholder: "Find a file",
      "aria-label": "Find a file",
    });
    input.addEventListener("input", () => {
      const text = input.value.trim();
      this.#shown = text === "" ? this.#byFolder() : this.#matching(text);
      this.#shown.show(this.#fileDoneBytes);
    });
    return html("div", { class: "search" }, input, this.#found);
  }

  #byFolder(): FolderView {
    const view = new FolderView(this.#tree.children, this.#work, this.#open);
    setText(this.#found, "");
    this.#body.replaceChildren(view.element);
    return view;
  }

  #matching(text: string): { show(fileDoneBytes: readonly number[]): void } {
    const all = filesNamed(this.#tree, text);
    const some = all.slice(0, LINES_AT_ONCE);
    const rows = some.map((file): [FileNode, FileRow] => [file, new FileRow(file, this.#work, file.path)]);
    const list = html("ul", { class: "file-list" });
    list.append(...rows.map(([, row]) => html("li", {}, row.element)));
    this.#body.replaceChildren(list);
    const those = all.length > some.length ? `, the first ${some.length} of them here` : "";
    setText(
      this.#found,
      all.length === 0 ? "No file is called that." : `${count(all.length, "file")}${those}`,
    );
    return {
      show: (fileDoneBytes) => {
        for (const [file, row] of rows) row.show(fileDoneBytes[file.index] ?? 0);
      },
    };
  }
}
