import type { IncomingHttpHeaders } from "node:http";
import { assembleManifests, type ManifestMakers } from "./assemble-manifests.ts";
import { type Clock, nodeClock } from "./clock.ts";
import { type Failure, failed } from "./failure.ts";
import { FetchAllowance } from "./fetch-allowance.ts";
import type { Served } from "./file-manifests.ts";
import {
  failureAnswer,
  keyAnswer,
  type ManifestAnswer,
  manifestAnswer,
  PageOrigins,
  preflightAnswer,
} from "./manifest-answer.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import { readManifestRequest } from "./manifest-request.ts";
import { ManifestSigner } from "./manifest-signer.ts";
import { type Resolve, systemResolve } from "./pinned-lookup.ts";

/** A request over HTTP, as far as it matters here. */
export interface ManifestCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Pick<IncomingHttpHeaders, "origin" | "if-none-match">;
  /** Under which the caller is counted. */
  readonly address: string;
}

/** Counts since the start. */
export interface ManifestCounts {
  readonly requests: number;
  readonly originFetches: number;
  /** Resources whose hashes were known. */
  readonly cacheHits: number;
  readonly originBytes: number;
}

export interface ManifestServiceParts {
  /** Whose resources may be fetched, each as `URL.origin` writes it. */
  readonly origins: readonly string[];
  /** Whose pages may read manifests; empty: all. */
  readonly pageOrigins: readonly string[];
  readonly options: ManifestOptions;
  /** One line for the operator. */
  readonly warn: (line: string) => void;
  readonly clock?: Clock;
  readonly resolve?: Resolve;
}

const MANIFEST_PATH = "/manifest";
const KEY_PATH = "/manifest-key";

/** Answers requests for manifests of what allowed origins have. */
export class ManifestService {
  readonly #options: ManifestOptions;
  readonly #clock: Clock;
  readonly #warn: (line: string) => void;
  readonly #signer: ManifestSigner;
  readonly #pages: PageOrigins;
  readonly #allowance: FetchAllowance;
  readonly #made: ManifestMakers;
  #requests = 0;

  /** @throws RivuletError `file-unreadable` or `bad-option` when the key cannot be used. */
  static async open(parts: ManifestServiceParts): Promise<ManifestService> {
    const { manifestKeyFile } = parts.options;
    if (manifestKeyFile !== undefined)
      return new ManifestService(parts, await ManifestSigner.fromFile(manifestKeyFile));
    const signer = ManifestSigner.withFreshKey();
    parts.warn(
      `Manifests are signed with a key of this process alone, ${signer.publicKey.x}: ` +
        "give --manifest-key-file to keep it, and to share it between processes.",
    );
    return new ManifestService(parts, signer);
  }

  private constructor(parts: ManifestServiceParts, signer: ManifestSigner) {
    const { options, clock = nodeClock, resolve = systemResolve, warn } = parts;
    const made = assembleManifests({ origins: parts.origins, options, warn, clock, resolve, signer });
    this.#options = options;
    this.#clock = clock;
    this.#warn = warn;
    this.#signer = signer;
    this.#pages = new PageOrigins(parts.pageOrigins);
    this.#allowance = new FetchAllowance({
      perSecond: options.manifestFetchRate,
      burst: options.manifestFetchBurst,
    });
    this.#made = made;
  }

  /** Undefined for a path that is not the service's. Never rejects. */
  answer(call: ManifestCall): Promise<ManifestAnswer> | undefined {
    if (call.path !== MANIFEST_PATH && call.path !== KEY_PATH) return undefined;
    this.#requests += 1;
    return this.#answer(call);
  }

  figures(): ManifestCounts {
    const { fetches, bytes } = this.#made.client;
    const { hits } = this.#made.digests;
    return { requests: this.#requests, originFetches: fetches, cacheHits: hits, originBytes: bytes };
  }

  /** What it holds and does just now. */
  load() {
    return {
      fetchesRunning: this.#made.slots.running,
      fetchesWaiting: this.#made.slots.waiting,
      playlists: this.#made.streams.playlists,
      cacheBytes: this.#made.cacheBytes(),
    };
  }

  /** Ends all fetches, and follows nothing any more. */
  async close(): Promise<void> {
    this.#made.streams.close();
    this.#made.client.close();
  }

  async #answer(call: ManifestCall): Promise<ManifestAnswer> {
    const { origin } = call.headers;
    const { status, headers, body } = await this.#answerPage(call);
    return { status, headers: { ...this.#pages.headersFor(origin), ...headers }, body };
  }

  async #answerPage(call: ManifestCall): Promise<ManifestAnswer> {
    const { method, path, headers } = call;
    const refusal = this.#pages.refusal(headers.origin);
    if (refusal) return failureAnswer(refusal);
    if (method === "OPTIONS") return preflightAnswer();
    if (method !== "GET" && method !== "HEAD")
      return failureAnswer(failed("method-not-allowed", "Manifests are read with GET."));
    if (path === KEY_PATH) return keyAnswer(this.#signer.publicKey);
    const found = await this.#find(call);
    return found.type === "failed" ? failureAnswer(found) : manifestAnswer(found, headers["if-none-match"]);
  }

  async #find({ query, address }: ManifestCall): Promise<Served | Failure> {
    const { manifestMaxUrls, manifestMaxAgeMs } = this.#options;
    const allowed = { origins: this.#made.origins, maxUrls: manifestMaxUrls };
    const request = readManifestRequest(query, allowed);
    if (request.type === "failed") return request;
    const isStream = request.type === "stream";
    const cost = isStream
      ? this.#made.streams.costOf(request.url)
      : this.#made.files.costOf(request, manifestMaxAgeMs);
    if (!this.#allowance.take(address, cost, this.#clock.now()))
      return failed("too-many-fetches-from-address", "Requests from your address cause too many fetches.");
    return this.#soon(
      isStream
        ? this.#made.streams.manifestOf(request.url, address)
        : this.#made.files.manifestOf(request, manifestMaxAgeMs),
    );
  }

  /** Whoever asks waits for so long; the work goes on, and serves those who ask later. */
  async #soon(work: Promise<Served | Failure>): Promise<Served | Failure> {
    let cancel = () => {};
    const overdue = new Promise<Failure>((resolve) => {
      const late = failed("manifest-preparing", "The manifest is being made; ask again in a moment.");
      cancel = this.#clock.after(this.#options.manifestPatienceMs, () => resolve(late));
    });
    const done = work.catch((error: unknown) => {
      this.#warn(`manifest service: ${error instanceof Error ? error.stack : String(error)}`);
      return failed("internal", "The server failed to make this manifest.");
    });
    try {
      return await Promise.race([done, overdue]);
    } finally {
      cancel();
    }
  }
}
