import type {
  ShakaContext,
  ShakaLibrary,
  ShakaOperation,
  ShakaPlayer,
  ShakaPlugin,
  ShakaRange,
  ShakaRequest,
  ShakaRequestFilter,
  ShakaResponse,
  ShakaResponseFilter,
} from "#sdk/integrations/shaka-api.ts";
import { mediaAt } from "./segment-fakes.ts";

export const SEGMENT = 1;
export const PREFERRED = 2;
export const APPLICATION = 3;
export const CODES = { BAD_HTTP_STATUS: 1001, HTTP_ERROR: 1002, TIMEOUT: 1003, OPERATION_ABORTED: 7001 };

export class ShakaError extends Error {
  static readonly Severity = { RECOVERABLE: 1 };
  static readonly Category = { NETWORK: 1 };
  static readonly Code = CODES;
  readonly severity: number;
  readonly category: number;
  readonly code: number;
  readonly data: readonly unknown[];

  constructor(severity: number, category: number, code: number, ...data: readonly unknown[]) {
    super(`Shaka Error ${code}`);
    this.severity = severity;
    this.category = category;
    this.code = code;
    this.data = data;
  }
}

/** A copy of the library: which plugin has which scheme, and what came to its own ones. */
export class FakeShaka implements ShakaLibrary {
  readonly schemes = new Map<string, { plugin: ShakaPlugin; priority: number; progressSupport: boolean }>();
  /** URIs that the library loaded by itself. */
  readonly plain: string[] = [];
  /** URIs of its own loads that were aborted. */
  readonly aborted: string[] = [];
  readonly util = { Error: ShakaError };
  readonly net: ShakaLibrary["net"];

  constructor({ hasFetch = true } = {}) {
    const own = (name: string): ShakaPlugin => {
      const plugin: ShakaPlugin = (uri, request) => {
        this.plain.push(`${name} ${uri}`);
        const abort = async () => void this.aborted.push(uri);
        return { ...operation(Promise.resolve(responseOf(uri, request))), abort };
      };
      return plugin;
    };
    const registerScheme = (
      scheme: string,
      plugin: ShakaPlugin,
      priority: number,
      progressSupport: boolean,
    ) => {
      if (priority < (this.schemes.get(scheme)?.priority ?? 0)) return;
      this.schemes.set(scheme, { plugin, priority, progressSupport });
    };
    this.net = {
      NetworkingEngine: { registerScheme, RequestType: { SEGMENT }, PluginPriority: { PREFERRED } },
      HttpFetchPlugin: { parse: own("fetch"), isSupported: () => hasFetch },
      HttpXHRPlugin: { parse: own("xhr") },
    };
    const { HttpFetchPlugin, HttpXHRPlugin } = this.net;
    const http = hasFetch ? HttpFetchPlugin.parse : HttpXHRPlugin.parse;
    for (const scheme of ["http", "https"]) registerScheme(scheme, http, hasFetch ? PREFERRED : 1, true);
  }
}

export interface Progress {
  readonly ms: number;
  readonly bytes: number;
  readonly left: number;
}

/** What one request came to. */
export interface Requested {
  readonly promise: Promise<ShakaResponse>;
  readonly operation: ShakaOperation | undefined;
  readonly progress: Progress[];
  readonly headers: Record<string, string>[];
  readonly request: ShakaRequest;
}

/** A player whose networking engine does what Shaka's does: plugin by scheme, then filters, then attempts. */
export class FakePlayer implements ShakaPlayer {
  readonly requestFilters = new Set<ShakaRequestFilter>();
  readonly responseFilters = new Set<ShakaResponseFilter>();
  media: ReturnType<typeof mediaAt> | null = mediaAt(0);
  buffered: { audio: ShakaRange[]; video: ShakaRange[] } = { audio: [], video: [] };
  isDestroyed = false;
  readonly #shaka: FakeShaka;
  readonly #engine = {
    registerRequestFilter: (filter: ShakaRequestFilter) => void this.requestFilters.add(filter),
    unregisterRequestFilter: (filter: ShakaRequestFilter) => void this.requestFilters.delete(filter),
    registerResponseFilter: (filter: ShakaResponseFilter) => void this.responseFilters.add(filter),
    unregisterResponseFilter: (filter: ShakaResponseFilter) => void this.responseFilters.delete(filter),
  };

  constructor(shaka: FakeShaka) {
    this.#shaka = shaka;
  }

  getNetworkingEngine() {
    return this.isDestroyed ? null : this.#engine;
  }

  getMediaElement() {
    return this.media;
  }

  getBufferedInfo() {
    return this.buffered;
  }

  /** Loads the first of the URIs; after a recoverable error the next one, `attempts` times in all. */
  request(
    uris: readonly string[],
    options: {
      type?: number;
      more?: Partial<ShakaRequest>;
      context?: ShakaContext;
      attempts?: number;
      leastStepBytes?: number;
    } = {},
  ): Requested {
    const { type = SEGMENT, more = {}, context, attempts = 1, leastStepBytes } = options;
    const request = requestOf(more);
    const progress: Progress[] = [];
    const headers: Record<string, string>[] = [];
    const requested = { progress, headers, request, operation: undefined as ShakaOperation | undefined };
    const attempt = async (number: number): Promise<ShakaResponse> => {
      const uri = uris[number % uris.length] ?? "";
      const scheme = this.#shaka.schemes.get(/^\w+/.exec(uri)?.[0] ?? "");
      if (!scheme) throw new Error(`No plugin for ${uri}.`);
      for (const filter of this.requestFilters) filter(type, request, context);
      const told = (ms: number, bytes: number, left: number) => void progress.push({ ms, bytes, left });
      const config = leastStepBytes === undefined ? {} : { minBytesForProgressEvents: leastStepBytes };
      const heads = (each: Record<string, string>) => void headers.push(each);
      requested.operation = scheme.plugin(uri, request, type, told, heads, config);
      try {
        const response = await requested.operation.promise;
        for (const filter of this.responseFilters) filter(type, response);
        return response;
      } catch (error) {
        const isOver = number + 1 >= attempts || !(error instanceof ShakaError);
        if (isOver || error.code === CODES.OPERATION_ABORTED || error.severity !== 1) throw error;
        return attempt(number + 1);
      }
    };
    const promise = attempt(0);
    promise.catch(() => {});
    return Object.assign(requested, { promise });
  }
}

export function requestOf(more: Partial<ShakaRequest> = {}): ShakaRequest {
  return {
    method: "GET",
    body: null,
    headers: {},
    allowCrossSiteCredentials: false,
    retryParameters: { timeout: 0 },
    streamDataCallback: null,
    ...more,
  };
}

export function operation(promise: Promise<ShakaResponse>): ShakaOperation {
  return { promise, abort: async () => {}, finally: () => operation(promise) };
}

export function responseOf(uri: string, originalRequest: ShakaRequest): ShakaResponse {
  const rest = { status: 200, headers: {}, timeMs: 1, fromCache: false };
  return { uri, originalUri: uri, data: new ArrayBuffer(0), originalRequest, ...rest };
}
