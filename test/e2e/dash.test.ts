import { describe } from "node:test";
import { tryPlayer } from "./support/player-page-trials.ts";

describe("dash.js", () => {
  tryPlayer("dash", {
    "DASH with a file for each segment": "segments.mpd",
    "DASH with ranges of one file": "ranges.mpd",
  });
});
