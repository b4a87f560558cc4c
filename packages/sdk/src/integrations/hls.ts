import type Hls from "hls.js";
import type { FragmentLoaderContext, HlsConfig, Loader } from "hls.js";
import { SegmentLoader } from "./hls-segment-loader.ts";
import { lateSource } from "./late-source.ts";
import type { SegmentSource } from "./segment-source.ts";

export type { SegmentSource };

/** The part of hls.js's configuration that makes it load media segments through Rivulet. */
export interface RivuletHlsConfig {
  readonly fLoader: new (config: HlsConfig) => Loader<FragmentLoaderContext>;
  readonly fpsController: NonNullable<HlsConfig["fpsController"]>;
}

/**
 * Lets hls.js load its media segments through Rivulet: `new Hls({ ...rivuletHls(rivulet) })`. Playlists and keys stay
 * with hls.js; a segment that no manifest lists comes from the origin. No setting of the player is changed. Given the
 * promise of a Rivulet, the player starts without it.
 */
export function rivuletHls(given: SegmentSource | Promise<SegmentSource>): RivuletHlsConfig {
  const source = lateSource(given);
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

/**
 * Each class that stands in for another, with that one where it is known: a page may take a configuration into hls.js's
 * defaults, and would otherwise have the stand-in stand in for itself.
 */
const ORIGINALS = new WeakMap<object, FpsController | undefined>();

/**
 * hls.js hands itself to the classes that its configuration names. This one only takes note of it: what it makes is what
 * the player's own default class makes.
 */
function attaching(attach: (player: Hls) => void): FpsController {
  const standIn = function FpsControllerOfPlayer(player: Hls): object {
    attach(player);
    const { DefaultConfig } = player.constructor as typeof Hls;
    const Original = originalOf(DefaultConfig.fpsController);
    return Original ? new Original(player) : NOTHING;
  };
  const made = standIn as unknown as FpsController;
  ORIGINALS.set(made, undefined);
  return made;
}

function originalOf(found: FpsController | undefined): FpsController | undefined {
  return found && ORIGINALS.has(found) ? ORIGINALS.get(found) : found;
}

/** For a build of hls.js that watches no frame rate. */
const NOTHING = { setStreamController: () => undefined, destroy: () => undefined };

/**
 * For pages that get hls.js from a script and make their players themselves: every player that is made from now on loads
 * through Rivulet.
 */
export function installRivuletHls(player: typeof Hls, source: SegmentSource): void {
  const config = rivuletHls(source);
  ORIGINALS.set(config.fpsController, originalOf(player.DefaultConfig.fpsController));
  player.DefaultConfig = { ...player.DefaultConfig, ...config };
}
