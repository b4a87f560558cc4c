import { html, setText } from "../../panel/element.ts";
import { formatBytes } from "../../panel/format.ts";
import { count, ratioOf } from "../figures.ts";
import { button } from "../parts/button.ts";
import { icon } from "../parts/icon.ts";
import { shownName } from "./file-name.ts";
import type { FileNode, TreeNode } from "./file-tree.ts";
import { nameElement } from "./name-element.ts";
import { ProgressBar } from "./progress-bar.ts";

export interface RowWork {
  /** What is being done to the files, as in "Received of film.mp4". */
  readonly doing: string;
  /** Whether a file that is whole is marked as such. */
  readonly marksWhole: boolean;
  /** What its button does once it is whole; none: no button. */
  readonly download?: ((file: FileNode) => void) | undefined;
}

/** The line of a file, or the head of a folder: what it is called, how large it is, and how far it got. */
export class FileRow {
  readonly element: HTMLElement;
  readonly #node: TreeNode;
  readonly #work: RowWork;
  readonly #size = html("span", { class: "size" });
  readonly #end = html("span", { class: "row-end" });
  #bar: ProgressBar | undefined;
  #isWhole = false;

  /** `label` stands in the name's place: a file that was searched for is told by its path. */
  constructor(node: TreeNode, work: RowWork, label = node.name) {
    this.#node = node;
    this.#work = work;
    this.element = html("span", { class: `file-row ${node.kind}` });
    this.element.append(icon(node.kind), nameElement(label, node.path), this.#size, this.#end);
  }

  show(doneBytes: number): void {
    const { sizeBytes } = this.#node;
    const isWhole = doneBytes >= sizeBytes;
    const isUnderWay = !isWhole && doneBytes > 0;
    const size = formatBytes(sizeBytes);
    setText(this.#size, this.#detail(isUnderWay ? `${formatBytes(doneBytes)} of ${size}` : size));
    this.#showBar(isUnderWay ? ratioOf(doneBytes, sizeBytes) : undefined);
    if (isWhole !== this.#isWhole) this.#showWhole(isWhole);
  }

  #detail(size: string): string {
    return this.#node.kind === "file" ? size : `${count(this.#node.fileCount, "file")} · ${size}`;
  }

  #showBar(ratio: number | undefined): void {
    if (ratio === undefined) {
      this.#bar?.element.remove();
      this.#bar = undefined;
      return;
    }
    if (!this.#bar) {
      this.#bar = new ProgressBar(`${this.#work.doing} ${shownName(this.#node.name)}`);
      this.element.append(this.#bar.element);
    }
    this.#bar.show(ratio);
  }

  #showWhole(isWhole: boolean): void {
    this.#isWhole = isWhole;
    this.#end.replaceChildren();
    if (!isWhole) return;
    const node = this.#node;
    const { download, marksWhole } = this.#work;
    if (node.kind === "file" && download) {
      const name = `Download ${shownName(node.name)}`;
      this.#end.append(button("Download", { icon: "down", kind: "quiet", name }, () => download(node)));
    } else if (marksWhole) {
      this.#end.append(icon("check"), html("span", { class: "unseen" }, "whole"));
    }
  }
}
