import type Hls from "hls.js";
import { RivuletError } from "../base/errors.ts";
import { complain } from "../client/complain.ts";
import { installRivuletHls } from "./hls.ts";
import type { RivuletRequestInit, SegmentSource } from "./segment-source.ts";

/*
 * `rivulet-hls.js`, for pages that have hls.js from a script tag: it stands between hls.js's script and the page's own,
 * which stays as it is. `rivulet.js` may come later, or never: segments then come from the origin.
 */

declare const window: {
  readonly Hls?: typeof Hls;
  readonly Rivulet?: { readonly current?: SegmentSource };
};

const source: SegmentSource = {
  fetch: (url: string, init?: RivuletRequestInit) =>
    window.Rivulet?.current ? window.Rivulet.current.fetch(url, init) : fetch(url, init),
  get line() {
    return window.Rivulet?.current?.line;
  },
};

if (window.Hls) installRivuletHls(window.Hls, source);
else
  complain(
    new RivuletError("bad-option", "There is no window.Hls: put rivulet-hls.js after the script of hls.js."),
  );
