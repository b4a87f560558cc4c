import type { DialId, PeerId } from "../../base/ids.ts";

/** The way that the signals of one dial take: the tracker, or a neighbour that relays them. */
export type Route = { readonly by: "tracker" } | { readonly by: "neighbour"; readonly via: PeerId };

/**
 * Which way each dial goes, and how many connections its maker said it had. Keyed by dial, so that nobody can turn
 * another's dial on to himself. Bounded: a forgotten one costs a dial, an unbounded list memory.
 */
export class Routes {
  static readonly limit = 256;
  readonly #routes = new Map<string, { readonly route: Route; readonly degree: number | undefined }>();

  set(peer: PeerId, dial: DialId, route: Route, degree?: number): void {
    const key = peer + dial;
    // The first one stands: later steps of a dial come the same way.
    if (this.#routes.has(key)) return;
    this.#routes.set(key, { route, degree });
    const [oldest] = this.#routes.keys();
    if (oldest !== undefined && this.#routes.size > Routes.limit) this.#routes.delete(oldest);
  }

  get(peer: PeerId, dial: DialId): Route | undefined {
    return this.#routes.get(peer + dial)?.route;
  }

  degree(peer: PeerId, dial: DialId): number | undefined {
    return this.#routes.get(peer + dial)?.degree;
  }
}
