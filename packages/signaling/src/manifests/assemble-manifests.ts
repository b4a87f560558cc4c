import { randomBytes } from "node:crypto";
import { AllowedOrigins } from "./allowed-origins.ts";
import { ByteLru } from "./byte-lru.ts";
import type { Clock } from "./clock.ts";
import { FetchSlots } from "./fetch-slots.ts";
import { FileManifests, type Finished } from "./file-manifests.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { ManifestSigner } from "./manifest-signer.ts";
import { OriginClient } from "./origin-client.ts";
import type { Resolve } from "./pinned-lookup.ts";
import { PlaylistReader } from "./playlist-reader.ts";
import { ResourceDigests } from "./resource-digests.ts";
import { type KnownStream, StreamManifests } from "./stream-manifests.ts";

/** Everything that makes manifests. */
export interface ManifestMakers {
  readonly origins: AllowedOrigins;
  readonly client: OriginClient;
  readonly slots: FetchSlots;
  readonly digests: ResourceDigests;
  readonly files: FileManifests;
  readonly streams: StreamManifests;
  /** What all caches take, bytes. */
  cacheBytes(): number;
}

/** Puts the parts together; half of the cache is for hashes, the rest for what is made of them. */
export function assembleManifests(parts: {
  readonly origins: readonly string[];
  readonly options: ManifestOptions;
  readonly signer: ManifestSigner;
  readonly warn: (line: string) => void;
  readonly clock: Clock;
  readonly resolve: Resolve;
}): ManifestMakers {
  const { options, clock, signer, warn } = parts;
  const { manifestCacheBytes } = options;
  const origins = new AllowedOrigins(parts.origins);
  const client = new OriginClient({ options, origins, resolve: parts.resolve });
  const slots = new FetchSlots({
    concurrent: options.manifestConcurrentFetches,
    queued: options.manifestMaxQueuedFetches,
  });
  const digests = new ResourceDigests({
    origin: client,
    slots,
    maxBytes: options.manifestMaxResourceBytes,
    cacheBytes: manifestCacheBytes / 2,
    now: () => clock.now(),
  });
  const finished = new ByteLru<Finished>(manifestCacheBytes / 4);
  const maxTotalBytes = options.manifestMaxTotalBytes;
  const files = new FileManifests({ digests, signer, maxTotalBytes, finished });
  const reader = new PlaylistReader({
    origin: client,
    origins,
    slots,
    maxBytes: options.manifestMaxPlaylistBytes,
    maxRenditions: options.manifestMaxRenditions,
  });
  const known = new ByteLru<KnownStream>(manifestCacheBytes / 4);
  const following = { reader, digests, signer, origins, clock, randomBytes, warn, options };
  const streams = new StreamManifests({ ...following, files, known });
  const cacheBytes = () => digests.cacheBytes + finished.bytes + known.bytes;
  return { origins, client, slots, digests, files, streams, cacheBytes };
}
