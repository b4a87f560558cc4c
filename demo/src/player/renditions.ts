/** What hls.js tells of a rendition. */
export interface Level {
  readonly height: number;
  /** Bits per second. */
  readonly bitrate: number;
}

/** hls.js's number for "whichever fits". */
export const AUTO = -1;

/** One entry of the menu. */
export interface RenditionChoice {
  /** hls.js's number of the level, or `AUTO`. */
  readonly level: number;
  readonly name: string;
  /** Which rendition "Auto" plays at present; "" where there is nothing to add. */
  readonly detail: string;
  readonly isChosen: boolean;
  readonly isPlaying: boolean;
}

export interface RenditionState {
  readonly levels: readonly Level[];
  readonly chosen: number;
  /** The level of the segment on screen; undefined before the first one. */
  readonly playing: number | undefined;
}

/** "360p", or its rate where the height says nothing or not enough. */
export function renditionName(levels: readonly Level[], index: number): string {
  const level = levels[index];
  if (!level) return "";
  if (!level.height) return rateOf(level);
  const isAlone = levels.filter(({ height }) => height === level.height).length === 1;
  return isAlone ? `${level.height}p` : `${level.height}p, ${rateOf(level)}`;
}

function rateOf({ bitrate }: Level): string {
  return `${Math.round(bitrate / 1000)} kb/s`;
}

/** The same with its rate: "360p, 332 kb/s". */
export function renditionWithRate(levels: readonly Level[], index: number): string {
  const name = renditionName(levels, index);
  const level = levels[index];
  return !level || name.includes("kb/s") ? name : `${name}, ${rateOf(level)}`;
}

/** The menu's entries: "Auto" first, then the renditions from the smallest to the largest. */
export function renditionChoices({ levels, chosen, playing }: RenditionState): RenditionChoice[] {
  const order = levels
    .map((level, index) => ({ ...level, index }))
    .sort((a, b) => a.height - b.height || a.bitrate - b.bitrate);
  const automatic = {
    level: AUTO,
    name: "Auto",
    detail: chosen === AUTO && playing !== undefined ? renditionName(levels, playing) : "",
    isChosen: chosen === AUTO,
    isPlaying: false,
  };
  return [
    automatic,
    ...order.map(({ index }) => ({
      level: index,
      name: renditionName(levels, index),
      detail: "",
      isChosen: index === chosen,
      isPlaying: index === playing,
    })),
  ];
}
