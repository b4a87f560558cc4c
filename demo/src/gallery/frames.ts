import { formatBytes } from "../panel/format.ts";
import type { LiveResource, LiveStats } from "../panel/live.ts";
import type { Palette } from "../panel/palette.ts";
import { describeShares, SplitBar, sharesOf } from "../panel/split-bar.ts";

interface Frame {
  readonly bar: SplitBar;
  readonly size: HTMLElement | null;
}

/** The line under each picture that shows whom it came from. */
export class Frames {
  readonly #frames = new Map<string, Frame>();
  readonly #palette: Palette;

  constructor(figures: Iterable<HTMLElement>, palette: Palette) {
    this.#palette = palette;
    for (const figure of figures) {
      const bar = new SplitBar();
      figure.querySelector("figcaption")?.before(bar.element);
      this.#frames.set(figure.dataset.path ?? "", { bar, size: figure.querySelector(".size") });
    }
  }

  update(stats: LiveStats): void {
    for (const resource of stats.resources) this.#show(resource);
  }

  #show(resource: LiveResource): void {
    const frame = this.#frames.get(resource.path);
    if (!frame) return;
    frame.bar.show(sharesOf(resource, this.#palette), resource.sizeBytes, describeShares(resource));
    if (frame.size) frame.size.textContent = formatBytes(resource.sizeBytes);
  }
}
