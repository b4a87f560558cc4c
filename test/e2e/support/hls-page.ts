// The page of hls.js, as a site's own script would use it with Rivulet. It runs in the page.
import type Hls from "hls.js";
import type { HlsConfig } from "hls.js";
import { Rivulet, type RivuletOptions } from "#sdk/index.ts";
import { rivuletHls } from "#sdk/integrations/hls.ts";
import type { SegmentSource } from "#sdk/integrations/segment-source.ts";
import { type Handed, hashSegments } from "./hls-page-hash.ts";

/** How a player is made. */
export interface ShowingOptions {
  /** Settings of hls.js's own, which win over Rivulet's. */
  readonly config?: Partial<HlsConfig>;
  /** How fast to play, 1 as a viewer would watch it. */
  readonly rate?: number;
  /** The page has an fpsController of its own. */
  readonly ownFpsController?: boolean;
}

/** How a film fared so far. */
export interface ShowingReport {
  readonly ended: boolean;
  readonly position: number;
  /** End of what is buffered, s; 0 when nothing is. */
  readonly bufferedTo: number;
  readonly errors: readonly string[];
  /** How often playback, once begun, stood still for want of bytes. */
  readonly stalls: number;
  /** The rendition of each LEVEL_SWITCHED event. */
  readonly levels: readonly number[];
  /** What the player was handed, segment by segment. */
  readonly handed: readonly Handed[];
  /** When each segment was due as it was asked for, ms. */
  readonly dues: readonly number[];
  readonly bandwidthEstimate: number;
  /** Behind the live edge, s. */
  readonly latency: number;
}

declare const window: Window & {
  readonly Hls: typeof Hls;
  /** Where the script tag would leave it, and the tests look. */
  Rivulet: { current: Rivulet };
  showing: Showing;
  opened: WeakRef<Hls>;
};

/** A player with its element, watched from its making on. */
class Showing {
  readonly hls: Hls;
  readonly video = document.createElement("video");
  readonly #dues: number[] = [];
  readonly #errors: string[] = [];
  readonly #levels: number[] = [];
  readonly #handed: readonly Handed[];
  #isPlaying = false;
  #stalls = 0;

  constructor(rivulet: Rivulet, { config, rate = 1, ownFpsController = false }: ShowingOptions) {
    const { Hls } = window;
    const dues = this.#dues;
    const source: SegmentSource = {
      fetch(url, init) {
        dues.push(init?.playback?.dueInMs ?? Number.NaN);
        return rivulet.fetch(url, init);
      },
      get line() {
        return rivulet.line;
      },
    };
    const Default = Hls.DefaultConfig.fpsController;
    const own = ownFpsController && Default ? { fpsController: class extends Default {} } : {};
    this.hls = new Hls({ ...rivuletHls(source), ...config, ...own });
    this.#handed = hashSegments(this.hls);
    this.#watch(rate);
  }

  report(): ShowingReport {
    const { ended, currentTime, buffered } = this.video;
    return {
      ended,
      position: currentTime,
      bufferedTo: buffered.length > 0 ? buffered.end(buffered.length - 1) : 0,
      errors: this.#errors,
      stalls: this.#stalls,
      levels: this.#levels,
      handed: this.#handed,
      dues: this.#dues,
      bandwidthEstimate: this.hls.bandwidthEstimate,
      latency: this.hls.latency,
    };
  }

  #watch(rate: number): void {
    const { video, hls } = this;
    const { Events, ErrorDetails } = window.Hls;
    video.muted = true;
    document.body.append(video);
    video.addEventListener("loadeddata", () => {
      video.playbackRate = rate;
      video.play().catch((error: unknown) => this.#errors.push(String(error)));
    });
    video.addEventListener("playing", () => {
      this.#isPlaying = true;
    });
    video.addEventListener("waiting", () => {
      if (this.#isPlaying && !video.seeking && !video.ended) this.#stalls++;
    });
    hls.on(Events.LEVEL_SWITCHED, (_, { level }) => this.#levels.push(level));
    hls.on(Events.ERROR, (_, { details, error }) => {
      // A time of hls.js's own has passed, which it will on a busy machine; what stands still is in `stalls`.
      if (details !== ErrorDetails.BUFFER_STALLED_ERROR) this.#errors.push(`${details}: ${error.message}`);
    });
  }
}

const film = {
  async enter(options: RivuletOptions): Promise<void> {
    window.Rivulet = { current: new Rivulet(options) };
    await window.Rivulet.current.ready;
  },
  start(playlist: string, options: ShowingOptions): void {
    window.showing = new Showing(window.Rivulet.current, options);
    const { hls, video } = window.showing;
    window.opened = new WeakRef(hls);
    hls.loadSource(playlist);
    hls.attachMedia(video);
  },
  /** As a page does that is done with a player: nothing of it is kept. */
  leave(): void {
    window.showing.hls.destroy();
    window.showing.video.remove();
    Reflect.deleteProperty(window, "showing");
  },
};

export type HlsFilm = typeof film;

Object.assign(window, { film });
