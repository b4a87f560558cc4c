import type { Row, RowsFor } from "./rows.ts";
import { ACCESS, type AccessOptions } from "./sections/access.ts";
import { CLUSTER, type ClusterOptions } from "./sections/cluster.ts";
import { ICE, type IceOptions } from "./sections/ice.ts";
import { LIMITS, type LimitOptions } from "./sections/limits.ts";
import { LISTENING, type ListeningOptions } from "./sections/listening.ts";
import { MANIFESTS, type ManifestServiceOptions } from "./sections/manifests.ts";
import { OPERATION, type OperationOptions } from "./sections/operation.ts";
import { SWARMS, type SwarmOptions } from "./sections/swarms.ts";
import { WEBTORRENT, type WebTorrentOptions } from "./sections/webtorrent.ts";

/** Everything that a server can be told. */
export interface SignalingOptions
  extends ListeningOptions,
    AccessOptions,
    LimitOptions,
    SwarmOptions,
    WebTorrentOptions,
    IceOptions,
    ManifestServiceOptions,
    ClusterOptions,
    OperationOptions {}

export type OptionName = keyof SignalingOptions;

/** The table from which defaults, checks, flags, variables, the help and the lists in the docs come. */
export const OPTION_TABLE: RowsFor<SignalingOptions> = {
  ...LISTENING,
  ...ACCESS,
  ...LIMITS,
  ...SWARMS,
  ...WEBTORRENT,
  ...ICE,
  ...MANIFESTS,
  ...CLUSTER,
  ...OPERATION,
};

/** The table in groups, as the help shows it. */
export const SECTIONS: readonly { readonly title: string; readonly names: readonly OptionName[] }[] = [
  { title: "Listening", names: namesOf(LISTENING) },
  { title: "Who may connect", names: namesOf(ACCESS) },
  { title: "Limits", names: namesOf(LIMITS) },
  { title: "Swarms", names: namesOf(SWARMS) },
  { title: "WebTorrent tracker", names: namesOf(WEBTORRENT) },
  { title: "STUN and TURN", names: namesOf(ICE) },
  { title: "Manifest service", names: namesOf(MANIFESTS) },
  { title: "Several processes", names: namesOf(CLUSTER) },
  { title: "Operation", names: namesOf(OPERATION) },
];

export const OPTION_NAMES: readonly OptionName[] = namesOf(OPTION_TABLE);

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTION_TABLE, name);
}

export function rowOf(name: OptionName): Row {
  return OPTION_TABLE[name];
}

function namesOf(rows: object): OptionName[] {
  return Object.keys(rows).filter(isOptionName);
}
