import type Hls from "hls.js";
import type { FragmentLoaderContext, HlsConfig, Loader } from "hls.js";
import { SegmentLoader } from "./hls-segment-loader.ts";
import type { SegmentSource } from "./segment-source.ts";

export type { SegmentSource };

/** The part of hls.js's configuration that makes it load media segments through Rivulet. */
export interface RivuletHlsConfig {
  readonly fLoader: new (config: HlsConfig) => Loader<FragmentLoaderContext>;
  readonly fpsController: NonNullable<HlsConfig["fpsController"]>;
}

/**
 * Lets hls.js load its media segments through Rivulet: `new Hls({ ...rivuletHls(rivulet) })`. Playlists and keys stay
 * with hls.js; a segment that no manifest lists comes from the origin. No setting of the player is changed.
 */
export function rivuletHls(source: SegmentSource): RivuletHlsConfig {
  // A loader is told its player's configuration, and not the player, which knows where playback is.
  const players = new WeakMap<HlsConfig, Hls>();
  const attach = (player: Hls): void => void players.set(player.config, player);
  return {
    fLoader: class extends SegmentLoader {
      constructor(config: HlsConfig) {
        super(source, () => players.get(config)?.media);
      }
    },
    fpsController: attaching(attach),
  };
}

type FpsController = NonNullable<HlsConfig["fpsController"]>;

/** The original of each class that stands in for it, so that a page may take one configuration into another. */
const ORIGINALS = new WeakMap<object, FpsController | undefined>();

/**
 * hls.js hands itself to the classes that its configuration names. This one only takes note of it: what it makes is what
 * the player's own default class makes.
 */
function attaching(attach: (player: Hls) => void): FpsController {
  const standIn = function FpsControllerOfPlayer(player: Hls): object {
    attach(player);
    const { DefaultConfig } = player.constructor as typeof Hls;
    const Default = DefaultConfig.fpsController;
    const Original = Default && ORIGINALS.has(Default) ? ORIGINALS.get(Default) : Default;
    return Original ? new Original(player) : NOTHING;
  };
  return standIn as unknown as FpsController;
}

/** For a build of hls.js that watches no frame rate. */
const NOTHING = { setStreamController: () => undefined, destroy: () => undefined };

/**
 * For pages that get hls.js from a script and make their players themselves: every player that is made from now on loads
 * through Rivulet.
 */
export function installRivuletHls(player: typeof Hls, source: SegmentSource): void {
  const config = rivuletHls(source);
  const { fpsController } = player.DefaultConfig;
  ORIGINALS.set(
    config.fpsController,
    fpsController && ORIGINALS.has(fpsController) ? ORIGINALS.get(fpsController) : fpsController,
  );
  player.DefaultConfig = { ...player.DefaultConfig, ...config };
}
