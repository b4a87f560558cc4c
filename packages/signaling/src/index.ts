import { type SignalingOptions, signalingOptions } from "./options.ts";
import { SignalingListener } from "./server.ts";
import { nodeSurroundings, type Surroundings } from "./surroundings.ts";

export { DEFAULTS, type SignalingOptions } from "./options.ts";
export type { Surroundings } from "./surroundings.ts";

/** Counts of one server, since its start or as of now. */
export type SignalingStats = ReturnType<SignalingListener["stats"]>;

export interface SignalingServer {
  /** Where clients connect, such as `ws://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, tells every client, and resolves when all are gone: after `closeTimeoutMs` at the latest. */
  close(): Promise<void>;
  stats(): SignalingStats;
}

/**
 * Starts a signaling server; resolves when it listens.
 * @throws RivuletError `bad-option`, or `connection-failed` when the port cannot be had.
 */
export async function startSignalingServer(
  options: Partial<SignalingOptions> = {},
  surroundings: Surroundings = nodeSurroundings(),
): Promise<SignalingServer> {
  const complete = signalingOptions(options);
  const listener = new SignalingListener(complete, surroundings);
  const port = await listener.listen();
  const host = complete.host.includes(":") ? `[${complete.host}]` : complete.host;
  return {
    url: `ws://${host}:${port}`,
    port,
    close: () => listener.close(),
    stats: () => listener.stats(),
  };
}
