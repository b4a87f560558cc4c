import type {
  DashFragmentRequest,
  DashPlayer,
  DashProgress,
  DashRequest,
  DashResponse,
  DashXhrLoader,
} from "#sdk/integrations/dash-api.ts";
import { mediaAt } from "./segment-fakes.ts";

/** A player that makes loaders as dash.js does: its own, with methods of an extension in their place. */
export class FakeDashPlayer implements DashPlayer {
  /** URLs that it loaded by itself. */
  readonly plain: string[] = [];
  /** What its own loaders were told beside. */
  readonly told: string[] = [];
  media: ReturnType<typeof mediaAt> | undefined = mediaAt(0);
  buffered: Record<string, number> = {};
  #extension: ((this: { parent: DashXhrLoader }) => DashXhrLoader) | undefined;
  #extensions = 0;

  extend(name: string, extension: object, override: boolean): void {
    // dash.js keeps the first.
    if (this.#extensions++ > 0) return;
    if (name !== "XHRLoader" || !override || typeof extension !== "function")
      throw new Error("Not understood.");
    this.#extension = extension as (this: { parent: DashXhrLoader }) => DashXhrLoader;
  }

  getVideoElement() {
    if (!this.media) throw new Error("No element is attached.");
    return this.media;
  }

  getBufferLength(type: string): number {
    return this.buffered[type] ?? Number.NaN;
  }

  loader(): DashXhrLoader {
    const parent: DashXhrLoader = {
      load: (request) => {
        this.plain.push(request.url);
        return true;
      },
      abort: (request) => void this.told.push(request ? `abort ${request.url}` : "abort"),
      reset: () => void this.told.push("reset"),
      resetInitialSettings: () => void this.told.push("resetInitialSettings"),
    };
    if (this.#extension) Object.assign(parent, this.#extension.call({ parent }));
    return parent;
  }
}

export const START = new Date(1);

/** What dash.js wants: a media segment, unless it is said otherwise. */
export function fragmentOf(more: Partial<DashFragmentRequest> = {}): DashFragmentRequest {
  return {
    type: "MediaSegment",
    mediaType: "video",
    startTime: 0,
    isPartialSegmentRequest: false,
    startDate: START,
    firstByteDate: START,
    ...more,
  };
}

/** One attempt of dash.js's HTTPLoader, and all that it was told. */
export class Attempt {
  readonly told: string[] = [];
  readonly progress: DashProgress[] = [];
  readonly fragment: DashFragmentRequest;
  readonly request: DashRequest;
  readonly response: DashResponse = {
    url: "",
    status: 0,
    statusText: "",
    headers: {},
    data: null,
    resourceTiming: { startTime: 1, encodedBodySize: 0 },
  };

  constructor(url: string, more: Partial<DashRequest> = {}, fragment = fragmentOf()) {
    this.fragment = fragment;
    const customData = {
      request: fragment,
      onprogress: (progress: DashProgress) => void this.progress.push(progress),
      // As dash.js does: it looks the browser's Resource Timing up, and notes its own times, right when it is told.
      onloadend: () => this.#end("loadend"),
      onabort: () => this.#end("abort"),
      ontimeout: ({ loaded, total }: DashProgress) => void this.told.push(`timeout ${loaded}/${total}`),
    };
    const rest = { method: "GET", responseType: "arraybuffer", headers: {}, credentials: "omit", timeout: 0 };
    this.request = { url, customData, ...rest, ...more };
  }

  /** As `HTTPLoader.abort` does: nothing but the abort is to be told. */
  abort(): void {
    Object.assign(this.request.customData, { onloadend: undefined, onprogress: undefined });
    this.request.customData.abort?.();
  }

  #end(how: string): void {
    this.told.push(how);
    this.fragment.startDate = START;
    this.fragment.firstByteDate = START;
    this.fragment.resourceTimingValues = { transferSize: 1 };
  }
}
