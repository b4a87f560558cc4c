import { minute, second } from "@rivulet/sdk/protocol";
import { MANIFEST_DEFAULTS, type ManifestOptions } from "../../manifests/manifest-options.ts";
import { anyText, webOrigin } from "../readers.ts";
import { MANY, type RowsFor } from "../rows.ts";

export interface ManifestServiceOptions extends ManifestOptions {
  /** Origins whose resources the manifest service may fetch; empty: there is no manifest service. */
  readonly origins: readonly string[];
}

const MIB = 1024 * 1024;
const hour = 60 * minute;
const count = { kind: "number", min: 1, max: MANY, value: "N" } as const;
const bytes = { kind: "number", min: 1, max: 1024 * 1024 * MIB, value: "BYTES" } as const;
const duration = { kind: "number", min: 1, max: 24 * hour, value: "MS" } as const;
const standard = MANIFEST_DEFAULTS;

export const MANIFESTS: RowsFor<ManifestServiceOptions> = {
  origins: {
    kind: "list",
    default: [],
    read: webOrigin,
    takes: "origins such as https://www.example",
    value: "LIST",
    help: "origins whose resources it may fetch; none: there is no such service",
  },
  manifestKeyFile: {
    kind: "path",
    default: undefined,
    read: anyText,
    takes: "the path of a PEM file",
    value: "FILE",
    help: "Ed25519 key in PEM that signs manifests; without one each process makes its own",
  },
  manifestAllowPrivate: {
    kind: "boolean",
    default: false,
    value: "",
    help: "let origins have private, loopback and link-local addresses",
  },
  manifestMaxUrls: { ...count, default: standard.manifestMaxUrls, max: 1_000, help: "URLs in one request" },
  manifestMaxResourceBytes: {
    ...bytes,
    default: standard.manifestMaxResourceBytes,
    help: "size of one resource",
  },
  manifestMaxTotalBytes: {
    ...bytes,
    default: standard.manifestMaxTotalBytes,
    help: "size of everything that one manifest lists",
  },
  manifestMaxPlaylistBytes: {
    ...bytes,
    default: standard.manifestMaxPlaylistBytes,
    max: 64 * MIB,
    help: "size of one playlist",
  },
  manifestMaxSegments: {
    ...count,
    default: standard.manifestMaxSegments,
    help: "segments of a stream that has ended",
  },
  manifestMaxRenditions: {
    ...count,
    default: standard.manifestMaxRenditions,
    max: 1_000,
    help: "media playlists of one multivariant playlist",
  },
  manifestMaxPlaylists: {
    ...count,
    default: standard.manifestMaxPlaylists,
    help: "live media playlists at a time",
  },
  manifestMaxPlaylistsPerAddress: {
    ...count,
    default: standard.manifestMaxPlaylistsPerAddress,
    help: "of those, how many one address asked for first",
  },
  manifestLiveSegments: {
    ...count,
    default: standard.manifestLiveSegments,
    max: 1_000,
    help: "newest segments of a live playlist that are listed",
  },
  manifestIdleMs: {
    ...duration,
    default: standard.manifestIdleMs,
    help: "how long a live playlist is followed after the last request",
  },
  manifestMaxAgeMs: {
    ...duration,
    default: standard.manifestMaxAgeMs,
    min: 0,
    help: "after this a resource is asked for again, by its ETag or date",
  },
  manifestCacheBytes: {
    ...bytes,
    default: standard.manifestCacheBytes,
    min: 0,
    help: "memory for hashes and finished manifests",
  },
  manifestConcurrentFetches: {
    ...count,
    default: standard.manifestConcurrentFetches,
    max: 1_000,
    help: "fetches from origins at a time",
  },
  manifestMaxQueuedFetches: {
    ...count,
    default: standard.manifestMaxQueuedFetches,
    min: 0,
    help: "fetches that wait for their turn",
  },
  manifestFetchTimeoutMs: {
    ...duration,
    default: standard.manifestFetchTimeoutMs,
    help: "time for one fetch in all",
  },
  manifestSilenceMs: {
    ...duration,
    default: standard.manifestSilenceMs,
    help: "time without a byte from the origin",
  },
  manifestFetchRate: {
    ...count,
    default: standard.manifestFetchRate,
    help: "fetches a second that one address may cause",
  },
  manifestFetchBurst: {
    ...count,
    default: standard.manifestFetchBurst,
    help: "fetches at once that one address may cause",
  },
  manifestPatienceMs: {
    ...duration,
    default: standard.manifestPatienceMs,
    max: 60 * second,
    help: "how long a request waits for its manifest before it is told to come again",
  },
};
