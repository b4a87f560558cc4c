import { describe } from "node:test";
import { tryPlayer } from "./support/player-page-trials.ts";

describe("Shaka Player", () => {
  tryPlayer("shaka", {
    "DASH with a file for each segment": "segments.mpd",
    "DASH with ranges of one file": "ranges.mpd",
    "HLS in fragmented MP4 with a file for each segment": "segments.m3u8",
    "HLS in fragmented MP4 with ranges of one file": "ranges.m3u8",
    "HLS in MPEG-TS with a file for each segment": "stream.m3u8",
    "HLS in MPEG-TS with ranges of one file": "stream-ranges.m3u8",
  });
});
