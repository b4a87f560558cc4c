import { html } from "../../panel/element.ts";

/** How much of something is done. */
export class ProgressBar {
  readonly element: HTMLProgressElement;

  constructor(label: string) {
    this.element = html("progress", { max: "1", value: "0", "aria-label": label });
  }

  /** `ratio` is 0 to 1; undefined: under way, nobody knows how far. */
  show(ratio: number | undefined): void {
    if (ratio === undefined) return this.element.removeAttribute("value");
    // A thousandth is less than a pixel.
    const value = String(Math.floor(ratio * 1000) / 1000);
    if (this.element.getAttribute("value") !== value) this.element.setAttribute("value", value);
  }
}
