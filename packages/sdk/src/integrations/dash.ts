import { RivuletError } from "../base/errors.ts";
import type { DashPlayer, DashRequest, DashXhrLoader } from "./dash-api.ts";
import { dashDueInMs } from "./dash-clock.ts";
import { DashSegmentLoad } from "./dash-segment-load.ts";
import type { SegmentSource } from "./segment-source.ts";

export type { DashPlayer, SegmentSource };

/** The kinds of requests that are parts of a stream; dash.js calls them so. */
const SEGMENTS = new Set([
  "MediaSegment",
  "InitializationSegment",
  "IndexSegment",
  "BitstreamSwitchingSegment",
]);
/** A player can be extended once in its life. */
const EXTENSIONS = new WeakMap<DashPlayer, DashExtension>();

/**
 * Lets one player of dash.js 5 load its segments through Rivulet: `const detach = rivuletDash(player, rivulet)`, before
 * `player.initialize()`. Manifests, keys, clocks and everything else stay with dash.js; a segment that no manifest of
 * Rivulet's lists comes from the origin. The function that it returns undoes it; what is under way is then
 * loaded anew by dash.js.
 * @throws RivuletError `bad-option` when the player is attached already.
 */
export function rivuletDash(player: DashPlayer, source: SegmentSource): () => void {
  const extension = EXTENSIONS.get(player) ?? new DashExtension(player);
  EXTENSIONS.set(player, extension);
  return extension.attach(source);
}

type State = { readonly name: "attached"; readonly source: SegmentSource } | { readonly name: "detached" };

/** What a player's own loaders are extended by, and which Rivulet they load through, if any. */
class DashExtension {
  readonly #player: DashPlayer;
  /** What is under way, and how dash.js would load it. */
  readonly #loads = new Map<DashSegmentLoad, () => void>();
  #state: State = { name: "detached" };

  constructor(player: DashPlayer) {
    this.#player = player;
    const extended = (parent: DashXhrLoader) => this.#over(parent);
    // dash.js calls it for each loader that it makes, with that loader as `this.parent`.
    function RivuletLoader(this: { readonly parent: DashXhrLoader }): DashXhrLoader {
      return extended(this.parent);
    }
    player.extend("XHRLoader", RivuletLoader, true);
  }

  attach(source: SegmentSource): () => void {
    if (this.#state.name === "attached")
      throw new RivuletError(
        "bad-option",
        "This player is attached; call what the first call returned before.",
      );
    const attached: State = { name: "attached", source };
    this.#state = attached;
    return () => {
      if (this.#state !== attached) return;
      this.#state = { name: "detached" };
      for (const [load, loadPlainly] of [...this.#loads]) {
        load.drop();
        loadPlainly();
      }
    };
  }

  /** The methods that take the place of a loader's own, which dash.js replaces in that very object. */
  #over({ load, abort, reset, resetInitialSettings }: DashXhrLoader): DashXhrLoader {
    const loads = new Set<DashSegmentLoad>();
    const abortAll = () => {
      for (const each of loads) each.abort();
    };
    return {
      load: (request, response) => {
        const state = this.#state;
        if (state.name === "detached" || !isSegment(request)) return load(request, response);
        const onOver = (over: DashSegmentLoad) => {
          loads.delete(over);
          this.#loads.delete(over);
        };
        const { source } = state;
        const mine = new DashSegmentLoad({
          source,
          request,
          response,
          dueMs: dashDueInMs(this.#player, request),
          onOver,
        });
        loads.add(mine);
        this.#loads.set(mine, () => load(request, response));
        return true;
      },
      abort: (request) => {
        const mine = [...loads].find((each) => each.request === request);
        if (mine) return mine.abort();
        if (request === undefined) abortAll();
        abort(request);
      },
      reset: () => {
        abortAll();
        reset();
      },
      resetInitialSettings: () => {
        abortAll();
        resetInitialSettings();
      },
    };
  }
}

function isSegment({ customData, method, responseType }: DashRequest): boolean {
  const type = customData.request?.type ?? "";
  return SEGMENTS.has(type) && method.toUpperCase() === "GET" && responseType === "arraybuffer";
}
