import { MIB } from "@rivulet/sdk/content";
import { minute, second } from "@rivulet/sdk/protocol";

/** How the manifest service is held in bounds. Which origins it may ask is an option of its own, `origins`. */
export interface ManifestOptions {
  /** PEM file with the Ed25519 key (PKCS #8) that signs manifests; without one, each process makes its own. */
  readonly manifestKeyFile: string | undefined;
  /** Whether an origin's name may lead to private, loopback and link-local addresses. */
  readonly manifestAllowPrivate: boolean;
  /** URLs that one request may name. */
  readonly manifestMaxUrls: number;
  /** Size of one resource, bytes; a bigger one is not listed. */
  readonly manifestMaxResourceBytes: number;
  /** Size of everything that one manifest lists, bytes. */
  readonly manifestMaxTotalBytes: number;
  /** Size of one playlist, bytes. */
  readonly manifestMaxPlaylistBytes: number;
  /** Segments that the manifest of a stream that has ended may list. */
  readonly manifestMaxSegments: number;
  /** Media playlists of one multivariant playlist; further ones are left out. */
  readonly manifestMaxRenditions: number;
  /** Live media playlists that are known at a time. */
  readonly manifestMaxPlaylists: number;
  /** Of those, how many were asked for by one address first, and are still asked for. */
  readonly manifestMaxPlaylistsPerAddress: number;
  /** Newest segments of each live media playlist that are listed. */
  readonly manifestLiveSegments: number;
  /** Milliseconds that a live playlist is followed after the last request for its manifest. */
  readonly manifestIdleMs: number;
  /** Milliseconds after which a resource is asked for again, by its ETag or its date. */
  readonly manifestMaxAgeMs: number;
  /** Bytes of memory for hashes and for finished manifests; what was used least recently goes first. */
  readonly manifestCacheBytes: number;
  /** Fetches from origins at a time. */
  readonly manifestConcurrentFetches: number;
  /** Fetches that wait for their turn; further ones are refused. */
  readonly manifestMaxQueuedFetches: number;
  /** Milliseconds that one fetch may take in all. */
  readonly manifestFetchTimeoutMs: number;
  /** Milliseconds without a byte from the origin, beyond which a fetch is given up. */
  readonly manifestSilenceMs: number;
  /** Fetches a second that requests from one address may cause, in the long run. */
  readonly manifestFetchRate: number;
  /** Fetches at once that requests from one address may cause. */
  readonly manifestFetchBurst: number;
  /** Milliseconds that a request waits for its manifest before it is told to come again. */
  readonly manifestPatienceMs: number;
}

export const MANIFEST_DEFAULTS: ManifestOptions = {
  manifestKeyFile: undefined,
  manifestAllowPrivate: false,
  manifestMaxUrls: 100,
  manifestMaxResourceBytes: 256 * MIB,
  manifestMaxTotalBytes: 2048 * MIB,
  manifestMaxPlaylistBytes: 4 * MIB,
  manifestMaxSegments: 2000,
  manifestMaxRenditions: 16,
  manifestMaxPlaylists: 64,
  manifestMaxPlaylistsPerAddress: 32,
  manifestLiveSegments: 12,
  manifestIdleMs: minute,
  manifestMaxAgeMs: minute,
  manifestCacheBytes: 64 * MIB,
  manifestConcurrentFetches: 8,
  manifestMaxQueuedFetches: 1024,
  manifestFetchTimeoutMs: 2 * minute,
  manifestSilenceMs: 10 * second,
  manifestFetchRate: 5,
  manifestFetchBurst: 200,
  // The SDK gives a silent manifest up after 5 s.
  manifestPatienceMs: 4 * second,
};
