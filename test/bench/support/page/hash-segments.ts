import type Hls from "hls.js";
import type { FragmentLoaderContext, LoaderCallbacks, LoaderConfiguration } from "hls.js";

/** A media segment as the player got it. */
export interface HandedSegment {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Hashes what the player's segment loader hands over from now on. The loader is wrapped: by the time that the player
 * tells of a segment, its worker has taken the buffer away.
 */
export function hashSegments(hls: Hls): readonly HandedSegment[] {
  const handed: HandedSegment[] = [];
  const Base = hls.config.fLoader;
  // hls.js's own loader has nobody between itself and the origin.
  if (!Base) return handed;
  hls.config.fLoader = class extends Base {
    override load(
      context: FragmentLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, stats, over, details) => {
          const { data } = response;
          if (data instanceof ArrayBuffer) note(handed, context.url, data.slice(0));
          callbacks.onSuccess(response, stats, over, details);
        },
      });
    }
  };
  return handed;
}

async function note(handed: HandedSegment[], url: string, copy: ArrayBuffer): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", copy));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  handed.push({ path: new URL(url, location.href).pathname, bytes: copy.byteLength, sha256 });
}
