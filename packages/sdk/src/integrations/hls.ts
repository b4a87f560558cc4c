import type { FragmentLoaderContext, HlsConfig, Loader } from "hls.js";
import { SegmentLoader, type SegmentSource } from "./hls-segment-loader.ts";

export type { SegmentSource };

/** The part of hls.js's configuration that makes it load media segments through Rivulet. */
export interface RivuletHlsConfig {
  readonly fLoader: new (config: HlsConfig) => Loader<FragmentLoaderContext>;
}

/**
 * Lets hls.js load its media segments through Rivulet: `new Hls({ ...rivuletHls(rivulet) })`. Playlists and keys stay
 * with hls.js; a segment that no manifest lists comes from the origin.
 */
export function rivuletHls(source: SegmentSource): RivuletHlsConfig {
  return {
    fLoader: class extends SegmentLoader {
      constructor() {
        super(source);
      }
    },
  };
}
