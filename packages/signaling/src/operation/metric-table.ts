import { SIGNAL_ERROR_CODES } from "@rivulet/sdk/protocol";
import {
  CUT_REASONS,
  END_REASONS,
  INTRODUCTION_STEPS,
  PROTOCOLS,
  type Protocol,
  type ProtocolCounts,
  UPGRADE_REFUSALS,
} from "./counts.ts";
import type { ClusterFigures, Figures, ManifestFigures } from "./figures.ts";

/** One value of a metric, with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  readonly labelNames: readonly string[];
  readonly read: (figures: Figures) => readonly Sample[];
}

/** Every metric of the server's own. What is known beforehand is there from the start, at 0: a rate needs it. */
export const METRIC_TABLE: readonly Metric[] = [
  byPath("gauge", "rivulet_connections", "Open WebSocket connections.", (f, path) => f.connections[path]),
  plain("gauge", "rivulet_connections_max", "The option maxConnections.", (f) => f.maxConnections),
  plain("gauge", "rivulet_peers", "Peers that have said hello.", (f) => f.peers),
  byPath("gauge", "rivulet_rooms", "Swarms that have a member.", (f, path) => f.rooms[path]),
  byPath("gauge", "rivulet_members", "Memberships in all swarms together.", (f, path) => f.members[path]),
  plain("gauge", "rivulet_draining", "1 while clients are told to leave.", (f) => Number(f.draining)),
  counted("rivulet_messages_received_total", "Messages received.", (c) => c.messagesReceived),
  plain("counter", "rivulet_messages_sent_total", "Messages sent.", (f) => f.counts.messagesSent),
  counted("rivulet_announces_total", "Announces that were answered.", (c) => c.announces),
  {
    name: "rivulet_introductions_total",
    help: "Relayed steps of introductions.",
    kind: "counter",
    labelNames: ["path", "step"],
    read: ({ counts }) =>
      PROTOCOLS.flatMap((path) =>
        INTRODUCTION_STEPS.map((step) => ({
          labels: { path, step },
          value: counts[path].introductions[step],
        })),
      ),
  },
  counted(
    "rivulet_introductions_answered_total",
    "Offers whose answer was passed back.",
    (c) => c.introductionsAnswered,
  ),
  byWord("rivulet_refusals_total", "Messages that were answered with an error.", "code", ({ counts }) =>
    SIGNAL_ERROR_CODES.map((code) => [code, counts.refusals.get(code)]),
  ),
  byWord("rivulet_upgrades_refused_total", "Refused requests for a WebSocket.", "code", ({ counts }) =>
    [...new Set([...UPGRADE_REFUSALS, ...counts.upgradesRefused.words])].map((code) => [
      code,
      counts.upgradesRefused.get(code),
    ]),
  ),
  byWord("rivulet_connections_cut_total", "Connections cut without a goodbye.", "reason", ({ counts }) =>
    CUT_REASONS.map((reason) => [reason, counts.cuts.get(reason)]),
  ),
  byWord("rivulet_connections_closed_total", "Connections that ended.", "reason", ({ counts }) =>
    END_REASONS.map((reason) => [reason, counts.ends.get(reason)]),
  ),
  plain(
    "counter",
    "rivulet_ice_credentials_total",
    "TURN credentials that were made.",
    (f) => f.counts.iceCredentials,
  ),
  ofManifests("rivulet_manifest_requests_total", "Requests for a manifest.", (m) => m.requests),
  ofManifests("rivulet_manifest_fetches_total", "Fetches from origins.", (m) => m.originFetches),
  ofManifests("rivulet_manifest_cache_hits_total", "Resources whose hashes were known.", (m) => m.cacheHits),
  ofManifests("rivulet_manifest_origin_bytes_total", "Bytes that came from origins.", (m) => m.originBytes),
  ofCluster("gauge", "rivulet_cluster_processes", "Processes known to be alive.", (c) => c.processes),
  ofCluster("gauge", "rivulet_cluster_up", "1 while the backplane is connected.", (c) => Number(c.up)),
  ofCluster("counter", "rivulet_cluster_messages_in_total", "Messages from others.", (c) => c.messagesIn),
  ofCluster("counter", "rivulet_cluster_messages_out_total", "Messages to others.", (c) => c.messagesOut),
];

type Kind = Metric["kind"];

function plain(
  kind: Kind,
  name: string,
  help: string,
  read: (figures: Figures) => number | undefined,
): Metric {
  return {
    name,
    help,
    kind,
    labelNames: [],
    read: (figures) => {
      const value = read(figures);
      return value === undefined ? [] : [{ labels: {}, value }];
    },
  };
}

function byPath(
  kind: Kind,
  name: string,
  help: string,
  read: (figures: Figures, path: Protocol) => number,
): Metric {
  return {
    name,
    help,
    kind,
    labelNames: ["path"],
    read: (figures) => PROTOCOLS.map((path) => ({ labels: { path }, value: read(figures, path) })),
  };
}

function counted(name: string, help: string, read: (counts: ProtocolCounts) => number): Metric {
  return byPath("counter", name, help, ({ counts }, path) => read(counts[path]));
}

function byWord(
  name: string,
  help: string,
  label: string,
  read: (figures: Figures) => readonly (readonly [word: string, count: number])[],
): Metric {
  return {
    name,
    help,
    kind: "counter",
    labelNames: [label],
    read: (figures) => read(figures).map(([word, value]) => ({ labels: { [label]: word }, value })),
  };
}

function ofManifests(name: string, help: string, read: (figures: ManifestFigures) => number): Metric {
  return plain("counter", name, help, ({ manifests }) => manifests && read(manifests));
}

function ofCluster(
  kind: Kind,
  name: string,
  help: string,
  read: (figures: ClusterFigures) => number,
): Metric {
  return plain(kind, name, help, ({ cluster }) => cluster && read(cluster));
}
