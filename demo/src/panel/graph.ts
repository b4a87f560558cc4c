import { html, setText, svg } from "./element.ts";
import { formatBytes, shortPeer } from "./format.ts";
import type { LivePeer, LiveStats } from "./live.ts";
import type { Palette } from "./palette.ts";

const WIDTH = 340;
const HEIGHT = 216;
const CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 };
const REACH = { x: 122, y: 74 };
/** More would be a hairball; the rest are counted in words. */
const SHOWN = 8;

interface PeerNode {
  readonly group: SVGGElement;
  readonly line: SVGPathElement;
  readonly flow: SVGPathElement;
  readonly dot: SVGGElement;
  readonly bytes: SVGTextElement;
}

/** This viewer in the middle, its peers around it; a line is as thick as the rate at which bytes arrive on it. */
export class Graph {
  readonly element: HTMLElement;
  readonly #picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": "No peers",
  });
  readonly #lines = svg("g");
  readonly #dots = svg("g");
  readonly #caption = html("p", { class: "graph-caption" });
  readonly #nodes = new Map<string, PeerNode>();
  readonly #palette: Palette;

  constructor(palette: Palette) {
    this.#palette = palette;
    const rings = [38, 66, 96].map((r) =>
      svg("ellipse", {
        class: "ring",
        cx: String(CENTRE.x),
        cy: String(CENTRE.y),
        rx: String(r * 1.5),
        ry: String(r),
      }),
    );
    const me = svg(
      "g",
      { class: "me", transform: `translate(${CENTRE.x} ${CENTRE.y})` },
      svg("circle", { class: "pulse", r: "21" }),
      svg("circle", { r: "21" }),
      svg("text", { dy: "4.5" }, "you"),
    );
    this.#picture.append(svg("g", { class: "rings" }, ...rings), this.#lines, this.#dots, me);
    this.element = html(
      "section",
      { class: "graph" },
      html("h3", {}, "Connected viewers"),
      this.#picture,
      this.#caption,
    );
    this.update([]);
  }

  update(peers: LiveStats["peers"]): void {
    const shown = [...peers].sort((a, b) => b.downloadedBytes - a.downloadedBytes).slice(0, SHOWN);
    // Placed by the order in which they came, so that a node stays where it is while the numbers move.
    const names = new Set(shown.map(({ peer }) => peer));
    for (const [peer, node] of this.#nodes) {
      if (names.has(peer)) continue;
      node.group.remove();
      node.dot.remove();
      this.#nodes.delete(peer);
    }
    for (const { peer } of shown) if (!this.#nodes.has(peer)) this.#nodes.set(peer, this.#addNode(peer));
    const byName = new Map(shown.map((peer) => [peer.peer, peer]));
    let index = 0;
    for (const [name, node] of this.#nodes) {
      const peer = byName.get(name);
      if (peer) this.#place(node, peer, index++);
    }
    const rate = peers.reduce((sum, peer) => sum + peer.downloadBytesPerSecond, 0);
    const more = peers.length - shown.length;
    const count = peers.length === 1 ? "1 peer" : `${peers.length} peers`;
    const text =
      peers.length === 0
        ? "Nobody else is here yet."
        : `${count}${more > 0 ? ` (${more} not drawn)` : ""}, ${formatBytes(rate)}/s arriving`;
    setText(this.#caption, text);
    this.#picture.setAttribute("aria-label", text);
    this.element.classList.toggle("alone", peers.length === 0);
  }

  #addNode(peer: string): PeerNode {
    const colour = this.#palette.classOf(peer);
    const line = svg("path", { class: "line" });
    const flow = svg("path", { class: "flow" });
    const group = svg("g", { class: `edge ${colour}` }, line, flow);
    const bytes = svg("text", { class: "node-bytes", y: "33" });
    const dot = svg(
      "g",
      { class: `node ${colour}` },
      svg("circle", { r: "17" }),
      svg("text", { class: "node-name", dy: "4" }, shortPeer(peer)),
      bytes,
    );
    this.#lines.append(group);
    this.#dots.append(dot);
    return { group, line, flow, dot, bytes };
  }

  #place(node: PeerNode, peer: LivePeer, index: number): void {
    const count = this.#nodes.size;
    // Two peers stand left and right rather than above and below: the picture is wide.
    const angle = (index / count) * 2 * Math.PI - (count <= 2 ? Math.PI : Math.PI / 2 + Math.PI / count);
    const x = CENTRE.x + Math.cos(angle) * REACH.x;
    const y = CENTRE.y + Math.sin(angle) * REACH.y - 6;
    const bend = {
      x: (x + CENTRE.x) / 2 - (y - CENTRE.y) * 0.18,
      y: (y + CENTRE.y) / 2 + (x - CENTRE.x) * 0.1,
    };
    const path = `M${round(x)} ${round(y)} Q${round(bend.x)} ${round(bend.y)} ${CENTRE.x} ${CENTRE.y}`;
    const rate = peer.downloadBytesPerSecond;
    const width = rate > 0 ? Math.min(11, 1.6 + Math.log10(1 + rate / 20_000) * 3) : 1.4;
    for (const part of [node.line, node.flow]) {
      part.setAttribute("d", path);
      part.setAttribute("stroke-width", width.toFixed(1));
    }
    node.group.classList.toggle("busy", rate > 0);
    node.dot.setAttribute("transform", `translate(${round(x)} ${round(y)})`);
    setText(node.bytes, formatBytes(peer.downloadedBytes));
  }
}

function round(value: number): string {
  return value.toFixed(1);
}
