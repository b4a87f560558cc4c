import type { LoaderStats } from "hls.js";
import type { ErrorCode, RivuletError } from "../base/errors.ts";

/** The stats of a load that has not begun. */
export function nothingLoaded(): LoaderStats {
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
}

/** hls.js retries by HTTP status: it gives up at 0 and at 4xx, and tries again at 5xx. */
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  "unknown-resource": 404,
  "range-not-satisfiable": 416,
  "origin-failed": 503,
  "integrity-mismatch": 503,
  "stale-manifest": 503,
};

/** An error as hls.js takes it from a loader. It is told by its code: another script has a RivuletError of its own. */
export function loaderError(error: unknown): { readonly code: number; readonly text: string } {
  if (!(error instanceof Error)) return { code: 0, text: String(error) };
  const { code = "aborted" } = error as Partial<Pick<RivuletError, "code">>;
  return { code: STATUS_OF[code] ?? 0, text: error.message };
}
