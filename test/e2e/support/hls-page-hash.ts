// It runs in the page.
import type Hls from "hls.js";
import type { FragmentLoaderContext, LoaderCallbacks, LoaderConfiguration } from "hls.js";

/** A segment as the player got it. */
export interface Handed {
  readonly url: string;
  /** Which bytes of the file, as [start, end); all of them when `end` is 0. */
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Notes what the player's segment loader hands over from now on, before the player's worker takes the buffer away. */
export function hashSegments(hls: Hls): readonly Handed[] {
  const handed: Handed[] = [];
  const Loader = hls.config.fLoader;
  if (!Loader) throw new Error("Rivulet's loader is not there.");
  hls.config.fLoader = class extends Loader {
    override load(
      context: FragmentLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      const onSuccess: typeof callbacks.onSuccess = (response, ...rest) => {
        const { data } = response;
        if (data instanceof ArrayBuffer) void hash(context, data.slice(0)).then((one) => handed.push(one));
        callbacks.onSuccess(response, ...rest);
      };
      super.load(context, config, { ...callbacks, onSuccess });
    }
  };
  return handed;
}

async function hash(
  { url, rangeStart = 0, rangeEnd = 0 }: FragmentLoaderContext,
  data: ArrayBuffer,
): Promise<Handed> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { url, start: rangeStart, end: rangeEnd, bytes: data.byteLength, sha256 };
}
