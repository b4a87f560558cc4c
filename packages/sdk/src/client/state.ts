import type { RivuletError } from "../base/errors.ts";
import type { Delivery } from "./delivery.ts";
import { type RivuletStats, Statistics } from "./statistics.ts";

/** `starting` until the manifest is loaded; `origin-only` when something is wrong and nothing comes from peers. */
export type RivuletState =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly delivery: Delivery }
  | { readonly state: "origin-only"; readonly error: RivuletError }
  | { readonly state: "destroyed" };

/** What runs, if anything does. */
export function deliveryOf(state: RivuletState): Delivery | undefined {
  return state.state === "running" ? state.delivery : undefined;
}

/** The figures as of now; of nothing at all while nothing runs. */
export function statsOf(state: RivuletState): RivuletStats {
  const delivery = deliveryOf(state);
  if (!delivery) {
    const tracker = state.state === "starting" ? "connecting" : "off";
    return new Statistics().report({ peer: "", tracker, peers: [], catalog: undefined });
  }
  const { peer, tracker, catalog } = delivery;
  return delivery.statistics.report({ peer, tracker, peers: delivery.peers(), catalog });
}
