import type { EngineOptions } from "#sdk/engine/options.ts";
import type { LineOptions } from "./line.ts";

export interface HostOptions {
  readonly line: LineOptions;
  readonly engine: Partial<EngineOptions>;
  /** The share of the chunks it uploads in which it flips a bit. */
  readonly lies: number;
  /** Its own offers and answers never lead to a connection. */
  readonly unreachable: boolean;
  /** Behind a symmetric NAT: two of these never connect, with anybody else it does. */
  readonly nat: "open" | "symmetric";
}

export const HOST_DEFAULTS: HostOptions = {
  line: { upBytesPerSecond: 2_000_000, downBytesPerSecond: 5_000_000, latencyMs: 15 },
  engine: {},
  lies: 0,
  unreachable: false,
  nat: "open",
};
