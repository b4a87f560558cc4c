import { html, setText } from "./element.ts";
import { fileName, formatBytes } from "./format.ts";
import type { LiveResource, LiveStats } from "./live.ts";
import type { Palette } from "./palette.ts";
import { describeShares, SplitBar, sharesOf } from "./split-bar.ts";

interface Row {
  readonly element: HTMLElement;
  readonly bytes: HTMLElement;
  readonly bar: SplitBar;
}

/** A live channel has no end; what is older than these is only in the totals. */
export const MAX_SHOWN = 30;

/** Who gave me what, file by file. */
export class Files {
  readonly element: HTMLElement;
  readonly #list = html("ul", { class: "files" });
  readonly #rows = new Map<string, Row>();
  readonly #palette: Palette;

  constructor(palette: Palette) {
    this.#palette = palette;
    this.element = html("section", {}, html("h3", {}, "Who gave me what"), this.#list);
    this.#list.append(html("li", { class: "nothing" }, "No file has been asked for yet."));
  }

  update(all: LiveStats["resources"]): void {
    const resources = shownFiles(all);
    let isChanged = this.#forgetAllBut(new Set(resources.map(({ path }) => path)));
    for (const resource of resources) {
      let row = this.#rows.get(resource.path);
      if (!row) {
        if (this.#rows.size === 0) this.#list.replaceChildren();
        row = this.#addRow(resource);
        isChanged = true;
      }
      const bytes = delivered(resource);
      const whole = bytes >= resource.sizeBytes;
      const progress = `${formatBytes(bytes)} of ${formatBytes(resource.sizeBytes)}`;
      setText(row.bytes, whole ? formatBytes(resource.sizeBytes) : progress);
      const label = `${fileName(resource.path, 1)}: ${describeShares(resource)}`;
      row.bar.show(sharesOf(resource, this.#palette), resource.sizeBytes, label);
      row.element.title = label;
    }
    // In the manifest's order, whichever was asked for first.
    if (isChanged) {
      this.#list.append(...resources.flatMap(({ path }) => this.#rows.get(path)?.element ?? []));
    }
  }

  /** True when there was anything to forget. */
  #forgetAllBut(paths: ReadonlySet<string>): boolean {
    const gone = [...this.#rows.keys()].filter((path) => !paths.has(path));
    for (const path of gone) {
      this.#rows.get(path)?.element.remove();
      this.#rows.delete(path);
    }
    return gone.length > 0;
  }

  #addRow({ path }: LiveResource): Row {
    const bar = new SplitBar();
    const bytes = html("span", { class: "file-bytes" });
    const name = html("span", { class: "file-name" }, fileName(path, 1));
    const element = html("li", {}, name, bytes, bar.element);
    const row = { element, bytes, bar };
    this.#rows.set(path, row);
    return row;
  }
}

/** The newest of which anything came. */
export function shownFiles(resources: readonly LiveResource[]): readonly LiveResource[] {
  return resources.filter((resource) => delivered(resource) > 0).slice(-MAX_SHOWN);
}

export function delivered(resource: LiveResource): number {
  return resource.originBytes + resource.peerBytes + resource.storeBytes;
}
