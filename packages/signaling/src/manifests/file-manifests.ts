import type { ByteLru } from "./byte-lru.ts";
import { type Failure, isPassing } from "./failure.ts";
import { contentTooLarge, fixedManifest, type Listed } from "./listed-resources.ts";
import type { ManifestRequest } from "./manifest-request.ts";
import type { ManifestSigner, SealedManifest } from "./manifest-signer.ts";
import type { Digested, ResourceDigests } from "./resource-digests.ts";

/** A manifest to serve. */
export interface Served {
  readonly type: "served";
  readonly manifest: SealedManifest;
  /** How many resources it lacks, because the origin does not have them or they are over a limit. */
  readonly leftOut: number;
}

/** A manifest of files, and what it was made of. */
export interface Finished {
  readonly of: readonly Digested[];
  readonly manifest: SealedManifest;
}

export type FileRequest = Extract<ManifestRequest, { type: "files" }>;

/** Of one manifest: a long list must not take all the places from the others. */
const FETCHES_AT_ONCE = 4;

/** Makes the manifests of files that stay as they are. */
export class FileManifests {
  readonly #digests: Pick<ResourceDigests, "digestOf" | "wouldFetch">;
  readonly #signer: Pick<ManifestSigner, "seal">;
  readonly #maxTotalBytes: number;
  readonly #finished: ByteLru<Finished>;

  constructor(parts: {
    readonly digests: Pick<ResourceDigests, "digestOf" | "wouldFetch">;
    readonly signer: Pick<ManifestSigner, "seal">;
    /** Of all that one manifest lists. */
    readonly maxTotalBytes: number;
    readonly finished: ByteLru<Finished>;
  }) {
    this.#digests = parts.digests;
    this.#signer = parts.signer;
    this.#maxTotalBytes = parts.maxTotalBytes;
    this.#finished = parts.finished;
  }

  /** How many fetches a request would cause now, when files that were looked at within `maxAgeMs` need none. */
  costOf({ files }: FileRequest, maxAgeMs: number): number {
    return files.filter(({ url }) => this.#digests.wouldFetch(url, maxAgeMs)).length;
  }

  /** Never rejects. */
  async manifestOf(request: FileRequest, maxAgeMs: number): Promise<Served | Failure> {
    const { origin, files } = request;
    const found = await this.#list(request, maxAgeMs);
    if (found.type === "failed") return found;
    const { listed } = found;
    const leftOut = files.length - listed.length;
    const key = [origin, ...listed.map(({ path }) => path)].join(" ");
    const of = listed.map(({ resource }) => resource);
    const known = this.#finished.get(key);
    if (known && isSame(known.of, of)) return { type: "served", manifest: known.manifest, leftOut };
    const made = fixedManifest(origin, listed);
    if (made.type === "failed") return made;
    const manifest = this.#signer.seal(made.text);
    this.#finished.set(key, { of, manifest }, manifest.bytes.byteLength + key.length);
    return { type: "served", manifest, leftOut };
  }

  async #list(
    { files }: FileRequest,
    maxAgeMs: number,
  ): Promise<{ readonly type: "listed"; readonly listed: readonly Listed[] } | Failure> {
    const outcomes = new Array<Digested | Failure>(files.length);
    let next = 0;
    let totalBytes = 0;
    let stop: Failure | undefined;
    const worker = async (): Promise<void> => {
      while (next < files.length && !stop) {
        const index = next++;
        const file = files[index];
        if (!file) return;
        const outcome = await this.#digests.digestOf(file.url, { maxAgeMs });
        outcomes[index] = outcome;
        // Whoever asks a moment later would get another manifest, and with it another swarm.
        if (outcome.type === "failed" && isPassing(outcome)) stop = outcome;
        if (outcome.type === "digested") totalBytes += outcome.digest.sizeBytes;
        if (totalBytes > this.#maxTotalBytes) stop = contentTooLarge(this.#maxTotalBytes);
      }
    };
    await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, worker));
    if (stop) return stop;
    const listed = files.flatMap(({ path }, index) => {
      const resource = outcomes[index];
      return resource?.type === "digested" ? [{ path, resource }] : [];
    });
    const failure = outcomes.find((outcome) => outcome.type === "failed");
    return listed.length === 0 && failure ? failure : { type: "listed", listed };
  }
}

function isSame(one: readonly Digested[], other: readonly Digested[]): boolean {
  return one.length === other.length && one.every((resource, index) => resource === other[index]);
}
