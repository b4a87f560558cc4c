import { assemble } from "./assembly.ts";
import type { ConnectBackplane } from "./cluster/backplane.ts";
import { RedisBackplane } from "./cluster/redis-backplane.ts";
import { type SignalingOptions, signalingOptions } from "./config/options.ts";
import { ManifestService } from "./manifests/manifest-service.ts";
import { checkIceOptions } from "./rivulet/ice-servers.ts";
import { type ManifestDesk, NO_MANIFESTS } from "./server/manifest-desk.ts";
import type { SignalingStats } from "./stats.ts";
import { nodeSurroundings, type Surroundings } from "./surroundings.ts";

export type { Backplane, BackplaneEvents, ConnectBackplane } from "./cluster/backplane.ts";
export { MemoryHub } from "./cluster/memory-backplane.ts";
export { DEFAULTS, type SignalingOptions } from "./config/options.ts";
export type { SignalingStats } from "./stats.ts";
export type { Surroundings } from "./surroundings.ts";

export interface SignalingServer {
  /** Where clients connect, such as `ws://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, tells every client at once, and resolves when all are gone: after `closeTimeoutMs` at the latest. */
  close(): Promise<void>;
  /** As `close`, but sends the clients away a few at a time, over `drainMs`. */
  drain(): Promise<void>;
  /** Reads the TLS certificate again; when it cannot be used, the one before stays, and the log says why. */
  reloadCertificate(): void;
  stats(): SignalingStats;
}

/**
 * Starts a signaling server; resolves when it listens. `connect` links it to others that share its swarms, in place of
 * the option `redisUrl`.
 * @throws RivuletError `bad-option`, or `connection-failed` when the port cannot be had.
 */
export async function startSignalingServer(
  options: Partial<SignalingOptions> = {},
  given: Partial<Surroundings> = {},
  connect?: ConnectBackplane,
): Promise<SignalingServer> {
  const complete = signalingOptions(options);
  checkIceOptions(complete);
  const surroundings = { ...nodeSurroundings(complete.logLevel), ...given };
  const { redisUrl } = complete;
  const redis: ConnectBackplane | undefined =
    redisUrl === undefined ? undefined : (events) => new RedisBackplane({ url: redisUrl }, events);
  const manifests = await manifestDesk(complete, surroundings);
  const { listener, runner, stats } = await assemble({
    options: complete,
    surroundings,
    connect: connect ?? redis,
    manifests,
  });
  runner?.start();
  const stopOthers = () => Promise.all([runner?.stop(), manifests.close()]);
  const port = await listener.listen().catch(async (error: unknown) => {
    await stopOthers();
    throw error;
  });
  const host = complete.host.includes(":") ? `[${complete.host}]` : complete.host;
  const stop = async (how: "close" | "drain") => {
    await listener[how]();
    await stopOthers();
  };
  return {
    url: `${listener.isSecure ? "wss" : "ws"}://${host}:${port}`,
    port,
    close: () => stop("close"),
    drain: () => stop("drain"),
    reloadCertificate: () => listener.reloadCertificate(),
    stats,
  };
}

async function manifestDesk(options: SignalingOptions, { logger }: Surroundings): Promise<ManifestDesk> {
  const { origins, allowOrigins } = options;
  if (origins.length === 0) return NO_MANIFESTS;
  const warn = (line: string) => logger.warn({}, line);
  return ManifestService.open({ origins, pageOrigins: allowOrigins, options, warn });
}
