import { html, setText } from "./element.ts";
import { formatBytes, formatPercent } from "./format.ts";
import type { LiveStats } from "./live.ts";
import type { Palette } from "./palette.ts";
import { type Share, SplitBar, sharesByPeer } from "./split-bar.ts";

/** The big number, and the totals that it is made of. */
export class Summary {
  readonly element: HTMLElement;
  readonly #ratio = html("span", { class: "ratio-number" }, "0");
  readonly #bar = new SplitBar();
  readonly #peers = html("dd", {}, "0 B");
  readonly #origin = html("dd", {}, "0 B");
  readonly #store = html("dd", {}, "0 B");
  readonly #uploaded = html("dd", {}, "0 B");

  readonly #palette: Palette;

  constructor(palette: Palette) {
    this.#palette = palette;
    const row = (className: string, name: string, value: HTMLElement): HTMLElement =>
      html("div", {}, html("dt", {}, html("i", { class: `swatch ${className}` }), name), value);
    this.element = html(
      "section",
      { class: "summary", "aria-label": "Totals" },
      html(
        "p",
        { class: "ratio" },
        html("strong", {}, this.#ratio, html("span", { class: "ratio-unit" }, "%")),
        html("span", { class: "ratio-label" }, "of what this page loaded came from other viewers"),
      ),
      this.#bar.element,
      html(
        "dl",
        { class: "totals" },
        row("all-peers", "Peers", this.#peers),
        row("origin", "Origin", this.#origin),
        row("store", "Stored here", this.#store),
        row("given", "Given", this.#uploaded),
      ),
    );
  }

  update(stats: LiveStats): void {
    const total = stats.peerBytes + stats.originBytes + stats.storeBytes;
    setText(this.#ratio, formatPercent(stats.offloadRatio));
    setText(this.#peers, formatBytes(stats.peerBytes));
    setText(this.#origin, formatBytes(stats.originBytes));
    setText(this.#store, formatBytes(stats.storeBytes));
    setText(this.#uploaded, formatBytes(stats.uploadedBytes));
    this.#bar.show(
      [
        ...this.#peerShares(stats),
        { className: "origin", bytes: stats.originBytes },
        { className: "store", bytes: stats.storeBytes },
      ],
      total,
      `${formatPercent(stats.offloadRatio)}% from peers`,
    );
  }

  #peerShares(stats: LiveStats): Share[] {
    const peers: Record<string, number> = {};
    for (const resource of stats.resources) {
      for (const [peer, bytes] of Object.entries(resource.peers)) peers[peer] = (peers[peer] ?? 0) + bytes;
    }
    return sharesByPeer(peers, this.#palette);
  }
}
