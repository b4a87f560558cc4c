import { html, setText } from "../panel/element.ts";
import { SplitBar } from "../panel/split-bar.ts";
import type { TimelineCell } from "./segment-timeline.ts";

interface Cell {
  readonly element: HTMLElement;
  readonly bar: SplitBar;
  readonly rendition: HTMLElement;
}

/** The playlist as a row of bars, each in the colours of those whom it came from, and where playback is. */
export class SegmentStrip {
  readonly #list = html("ol", { class: "segments", "aria-label": "Segments" });
  readonly #playhead = html("div", { class: "playhead", "aria-hidden": "true" });
  readonly #cells = new Map<number, Cell>();

  /** `seek` gets where the strip was pressed, 0 to 1. */
  constructor(root: HTMLElement, seek: (ratio: number) => void) {
    root.append(this.#list, this.#playhead);
    // A short cut for those who point; the player's own controls have the same for everybody.
    this.#list.addEventListener("click", ({ clientX }) => {
      const { left, width } = this.#list.getBoundingClientRect();
      if (width > 0) seek((clientX - left) / width);
    });
  }

  show(cells: readonly TimelineCell[]): void {
    const numbers = new Set(cells.map(({ number }) => number));
    for (const [number, cell] of this.#cells) {
      if (numbers.has(number)) continue;
      cell.element.remove();
      this.#cells.delete(number);
    }
    for (const { number, durationSeconds, shares, sizeBytes, rendition, label } of cells) {
      const cell = this.#cells.get(number) ?? this.#add(number, durationSeconds);
      cell.bar.show(shares, sizeBytes, label);
      cell.element.title = label;
      setText(cell.rendition, rendition);
    }
  }

  /** 0 is the strip's start, 1 its end. */
  moveTo(ratio: number): void {
    this.#playhead.style.setProperty("inset-inline-start", `${ratio * 100}%`);
  }

  #add(number: number, durationSeconds: number): Cell {
    const bar = new SplitBar();
    const rendition = html("span", { class: "rendition", "aria-hidden": "true" });
    const element = html("li", {}, bar.element, rendition);
    element.style.setProperty("flex-grow", String(durationSeconds));
    this.#list.append(element);
    const cell = { element, bar, rendition };
    this.#cells.set(number, cell);
    return cell;
  }
}
