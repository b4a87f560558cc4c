/** How one stream is encoded. The name of its folder in the cache is made of all of it. */
export interface MediaRecipe {
  readonly name: string;
  readonly segments: number;
  readonly segmentSeconds: number;
  readonly container: Container;
  readonly renditions: readonly Rendition[];
}

export type Container = "fmp4" | "ts";

export interface Rendition {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Of the pictures alone; they are padded to it, so that every segment weighs the same. */
  readonly videoBitsPerSecond: number;
}

export const AUDIO_BITS_PER_SECOND = 64_000;

// Small pictures: the bench is of the network, and six viewers decode on the same few cores.
const MAIN: Rendition = { name: "main", width: 426, height: 240, videoBitsPerSecond: 1_500_000 };

/** Two minutes, 0.8 MB a segment. */
export function film(container: Container): MediaRecipe {
  return { name: "film", segments: 30, segmentSeconds: 4, container, renditions: [MAIN] };
}

/** The same in segments of a second, for a live window that moves fast. */
export function brisk(container: Container): MediaRecipe {
  return { name: "brisk", segments: 120, segmentSeconds: 1, container, renditions: [MAIN] };
}

/** Three renditions to choose from. */
export function ladder(container: Container): MediaRecipe {
  return {
    name: "ladder",
    segments: 30,
    segmentSeconds: 4,
    container,
    renditions: [
      { name: "low", width: 320, height: 180, videoBitsPerSecond: 400_000 },
      { name: "middle", width: 426, height: 240, videoBitsPerSecond: 1_200_000 },
      { name: "high", width: 640, height: 360, videoBitsPerSecond: 2_800_000 },
    ],
  };
}

/** 4 MB a segment, more than an uplink of 1 Mbit/s carries in half a minute. */
export function heavy(container: Container): MediaRecipe {
  return {
    name: "heavy",
    segments: 12,
    segmentSeconds: 4,
    container,
    renditions: [{ name: "main", width: 640, height: 360, videoBitsPerSecond: 7_900_000 }],
  };
}
