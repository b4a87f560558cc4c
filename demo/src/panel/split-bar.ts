import { html } from "./element.ts";
import { formatBytes, shortPeer } from "./format.ts";
import type { LiveResource } from "./live.ts";
import type { Palette } from "./palette.ts";

export interface Share {
  readonly className: string;
  readonly bytes: number;
}

/** A thin bar that shows whom each part of something came from; what is still missing stays empty. */
export class SplitBar {
  readonly element = html("div", { class: "split", role: "img" });
  readonly #segments = new Map<string, HTMLElement>();

  show(shares: readonly Share[], totalBytes: number, label: string): void {
    const wanted = new Set<string>();
    for (const { className, bytes } of shares) {
      if (bytes <= 0) continue;
      wanted.add(className);
      let segment = this.#segments.get(className);
      if (!segment) {
        segment = html("span", { class: className });
        this.#segments.set(className, segment);
        this.element.append(segment);
      }
      // Through the object model rather than a style attribute: a strict content policy forbids the latter.
      segment.style.setProperty("inline-size", `${Math.min(100, (bytes / Math.max(1, totalBytes)) * 100)}%`);
    }
    for (const [className, segment] of this.#segments) {
      if (wanted.has(className)) continue;
      segment.remove();
      this.#segments.delete(className);
    }
    if (this.element.getAttribute("aria-label") !== label) this.element.setAttribute("aria-label", label);
  }
}

/** Peers beyond the palette share a colour, and so a segment. */
export function sharesByPeer(peers: LiveResource["peers"], palette: Palette): Share[] {
  const bytesOf = new Map<string, number>();
  for (const [peer, bytes] of Object.entries(peers)) {
    const className = palette.classOf(peer);
    bytesOf.set(className, (bytesOf.get(className) ?? 0) + bytes);
  }
  return [...bytesOf].map(([className, bytes]) => ({ className, bytes }));
}

/** The shares of one resource: origin first, then each peer, then what was stored by an earlier visit. */
export function sharesOf(resource: LiveResource, palette: Palette): Share[] {
  return [
    { className: "origin", bytes: resource.originBytes },
    ...sharesByPeer(resource.peers, palette),
    { className: "store", bytes: resource.storeBytes },
  ];
}

/** The same in words, for those who do not see the bar. */
export function describeShares(resource: LiveResource): string {
  const parts: string[] = [];
  if (resource.originBytes > 0) parts.push(`${formatBytes(resource.originBytes)} from the origin`);
  for (const [peer, bytes] of Object.entries(resource.peers)) {
    if (bytes > 0) parts.push(`${formatBytes(bytes)} from peer ${shortPeer(peer)}`);
  }
  if (resource.storeBytes > 0) parts.push(`${formatBytes(resource.storeBytes)} stored`);
  return parts.length === 0 ? "nothing yet" : parts.join(", ");
}
