import type { PlayingMedia } from "./segment-clock.ts";

/** The parts of Shaka Player that are used here, named as its own declarations name them. */
export interface ShakaPlayer {
  /** Null once the player was destroyed. */
  getNetworkingEngine(): ShakaNetworkingEngine | null;
  getMediaElement(): PlayingMedia | null;
  getBufferedInfo(): Readonly<Record<"audio" | "video", readonly ShakaRange[]>>;
}

/** A part of the timeline, s. */
export interface ShakaRange {
  readonly start: number;
  readonly end: number;
}

export interface ShakaNetworkingEngine {
  registerRequestFilter(filter: ShakaRequestFilter): void;
  unregisterRequestFilter(filter: ShakaRequestFilter): void;
  registerResponseFilter(filter: ShakaResponseFilter): void;
  unregisterResponseFilter(filter: ShakaResponseFilter): void;
}

export type ShakaRequestFilter = (type: number, request: ShakaRequest, context?: ShakaContext) => void;
export type ShakaResponseFilter = (
  type: number,
  response: Pick<ShakaResponse, "originalUri" | "originalRequest">,
) => void;

/** The library: `window.shaka` of its script, or what its module exports. */
export interface ShakaLibrary {
  readonly net: {
    readonly NetworkingEngine: {
      /** What it takes is a `ShakaPlugin`: one that gives back the very request that it was given. */
      registerScheme(scheme: string, plugin: object, priority: number, progressSupport: boolean): void;
      readonly RequestType: { readonly SEGMENT: number };
      readonly PluginPriority: { readonly PREFERRED: number };
    };
    readonly HttpFetchPlugin: {
      parse(...args: Parameters<ShakaPlugin>): ShakaOperation;
      isSupported(): boolean;
    };
    readonly HttpXHRPlugin: { parse(...args: Parameters<ShakaPlugin>): ShakaOperation };
  };
  readonly util: {
    readonly Error: {
      new (severity: number, category: number, code: number, ...data: readonly unknown[]): Error;
      readonly Severity: { readonly RECOVERABLE: number };
      readonly Category: { readonly NETWORK: number };
      readonly Code: Readonly<
        Record<"BAD_HTTP_STATUS" | "HTTP_ERROR" | "TIMEOUT" | "OPERATION_ABORTED", number>
      >;
    };
  };
}

/** Loads one URI, once: the networking engine repeats what fails with a recoverable error. */
export type ShakaPlugin = (
  uri: string,
  request: ShakaRequest,
  requestType: number,
  progressUpdated: (ms: number, bytes: number, bytesRemaining: number) => void,
  headersReceived: (headers: Record<string, string>) => void,
  config?: { readonly minBytesForProgressEvents?: number },
) => ShakaOperation;

export interface ShakaOperation {
  readonly promise: Promise<ShakaResponse>;
  abort(): Promise<void>;
  finally(onFinal: (succeeded: boolean) => unknown): ShakaOperation;
}

export interface ShakaRequest {
  readonly method: string;
  readonly body: unknown;
  readonly headers: Record<string, string>;
  readonly allowCrossSiteCredentials: boolean;
  readonly retryParameters: {
    /** How long an attempt may take, ms; 0: as long as it likes. */
    readonly timeout: number;
  };
  /** Takes the media part by part, when the player plays it while it arrives. */
  readonly streamDataCallback: ((data: ArrayBuffer) => Promise<unknown>) | null;
}

export interface ShakaContext {
  /** Not there for what is no media segment: the head of a stream, an index. */
  readonly segment?: { getStartTime(): number; isPartial(): boolean } | null;
  readonly stream?: { readonly type: string };
}

export interface ShakaResponse {
  readonly uri: string;
  readonly originalUri: string;
  readonly data: ArrayBuffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly timeMs: number;
  readonly fromCache: boolean;
  readonly originalRequest: ShakaRequest;
}
