import { Door } from "./access/door.ts";
import { tokenVerifier } from "./access/tokens.ts";
import type { ConnectBackplane } from "./cluster/backplane.ts";
import { Cluster } from "./cluster/cluster.ts";
import type { ClusterRooms } from "./cluster/cluster-rooms.ts";
import { ClusterRunner } from "./cluster/cluster-runner.ts";
import type { SignalingOptions } from "./config/options.ts";
import { rivuletSide, sharedLimits, sharedRooms, webTorrentSide } from "./conversations.ts";
import type { Delivery } from "./delivery.ts";
import { NOWHERE } from "./elsewhere.ts";
import { Counts } from "./operation/counts.ts";
import type { Figures } from "./operation/figures.ts";
import type { Condition } from "./operation/health.ts";
import type { Logger } from "./operation/logger.ts";
import { Metrics } from "./operation/metrics.ts";
import { pathsOf } from "./server/http-answer.ts";
import { Links } from "./server/links.ts";
import { SignalingListener } from "./server/listener.ts";
import type { ManifestDesk } from "./server/manifest-desk.ts";
import { Reception } from "./server/reception.ts";
import { Routes } from "./server/routes.ts";
import { WebSockets } from "./server/web-sockets.ts";
import { SignalingService } from "./service.ts";
import { brief, type SignalingStats } from "./stats.ts";
import type { Surroundings } from "./surroundings.ts";

export interface AssemblyParts {
  readonly options: SignalingOptions;
  readonly surroundings: Surroundings;
  /** Undefined: this process is alone. */
  readonly connect: ConnectBackplane | undefined;
  readonly manifests: ManifestDesk;
}

/** A server, put together: every port is given its adapter here. */
export interface Assembly {
  readonly listener: SignalingListener;
  readonly runner: ClusterRunner | undefined;
  readonly stats: () => SignalingStats;
}

/** @throws RivuletError `bad-option` for what shows only when it is used, such as keys and certificates. */
export async function assemble({
  options,
  surroundings,
  connect,
  manifests,
}: AssemblyParts): Promise<Assembly> {
  const { logger, now, epochNow, processId } = surroundings;
  const counts = new Counts();
  const links = new Links(counts, logger);
  const door = new Door(options);
  const late: { rooms?: ClusterRooms } = {};
  const cluster =
    connect && new Cluster({ id: processId, prefix: options.redisPrefix }, forwarding(late, logger));
  const parts = { options, surroundings, counts, elsewhere: cluster ?? NOWHERE };
  const rivulet = rivuletSide(parts);
  const webTorrent = webTorrentSide(parts);
  late.rooms = sharedRooms(rivulet, webTorrent);
  const shared = sharedLimits(options, door);
  const conversations = { rivulet: rivulet.conversation, webtorrent: webTorrent.conversation };
  const service = new SignalingService({ options, conversations, shared, counts });
  const tokens = await tokenVerifier(options, {
    epochNow,
    onKeysUnreachable: (error) => logger.warn({ error }, "The keys of tokens cannot be had."),
  });
  const figures = (): Figures => ({
    counts,
    connections: { rivulet: service.countOf("rivulet"), webtorrent: service.countOf("webtorrent") },
    maxConnections: options.maxConnections,
    peers: rivulet.sessions.peers + webTorrent.identities.size,
    rooms: { rivulet: rivulet.directory.rooms, webtorrent: webTorrent.swarms.size },
    members: { rivulet: rivulet.directory.members, webtorrent: webTorrent.swarms.members },
    draining: listener.phase === "draining",
    manifests: manifests.figures(),
    cluster: cluster && clusterFigures(cluster),
  });
  const startedAt = now();
  const stats = () => brief(figures(), now() - startedAt);
  const condition = (): Condition => ({
    phase: listener.phase,
    connections: door.connections,
    maxConnections: options.maxConnections,
    backplane: cluster ? (cluster.stats().isUp ? "up" : "down") : "none",
  });
  const paths = pathsOf(options);
  const reception = new Reception({ door, tokens, counts, logger, paths, now, epochNow });
  const afterTurn = () => runner?.turn();
  const webSockets = new WebSockets({ options, surroundings, service, reception, links, door, afterTurn });
  const listener: SignalingListener = new SignalingListener({
    options,
    surroundings,
    service,
    door,
    webSockets,
    routes: new Routes({
      condition,
      figures: stats,
      paths,
      metrics: new Metrics(figures),
      metricsToken: options.metricsToken,
      manifests: (request) => manifests.answer(request),
      addressOf: ({ socket, headers }) => door.arrivalOf(socket.remoteAddress, headers).address,
    }),
    links,
    sweep: (at) => shared.sweep(at),
  });
  const runner =
    connect &&
    cluster &&
    new ClusterRunner({
      cluster,
      connect,
      now,
      deliver: (deliveries) => links.deliver(deliveries),
      onLink: (error) => {
        if (error)
          logger.warn({ error }, "The other processes are out of reach; swarms go on with those here.");
        else logger.info({}, "The other processes are within reach.");
      },
    });
  return { listener, runner, stats };
}

/**
 * The cluster and the rooms need each other; this lets the cluster come first. A fault over what another process said is
 * a line in the log: nobody here is to suffer for it.
 */
function forwarding(late: { readonly rooms?: ClusterRooms }, logger: Logger): ClusterRooms {
  const attempt = (decide: () => Delivery[] | undefined): Delivery[] => {
    try {
      return decide() ?? [];
    } catch (error) {
      logger.error({ error }, "What another process said was not handled.");
      return [];
    }
  };
  return {
    entries: (room, now) => late.rooms?.entries(room, now) ?? [],
    put: (member) => attempt(() => late.rooms?.put(member)),
    gone: (home, room, peer) => late.rooms?.gone(home, room, peer),
    lost: (home) => late.rooms?.lost(home),
    carried: (home, payload, now) => attempt(() => late.rooms?.carried(home, payload, now)),
  };
}

function clusterFigures(cluster: Cluster): NonNullable<Figures["cluster"]> {
  const { isUp, processes, heard, published } = cluster.stats();
  return { processes: processes + 1, up: isUp, messagesIn: heard, messagesOut: published };
}
