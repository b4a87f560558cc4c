import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readHlsPlaylist } from "#sdk/content/hls-playlist.ts";

const NOTHING = {
  segments: [],
  inits: [],
  unfinished: [],
  keys: [],
  playlists: [],
  targetDurationMs: undefined,
  isEnded: false,
};

test("segments and initialization sections are what a media playlist names", () => {
  const text = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXTINF:4.0,a title, with a comma",
    "#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:00:00Z",
    "one.m4s?token=a:b",
    "",
    "#EXT-X-DISCONTINUITY",
    '#EXT-X-MAP:SOMETHING="x",URI="other/init.mp4"',
    "#EXTINF:4.0,",
    "# a comment",
    "two.m4s",
  ];
  for (const lines of [text, text.map((line) => `${line} \r`), [`\uFEFF#EXTM3U`, ...text.slice(1)]]) {
    assert.deepEqual(readHlsPlaylist(`${lines.join("\n")}\n`), {
      ...NOTHING,
      segments: ["one.m4s?token=a:b", "two.m4s"],
      inits: ["init.mp4", "other/init.mp4"],
    });
  }
});

test("a text that is not a playlist, or only begins to be one, says nothing", () => {
  for (const text of ["", "\n#EXTM3U", "#EXTM3", "<MPD>", "#EXTM3UX\n#EXTINF:1,\na.ts"]) {
    assert.equal(readHlsPlaylist(text), undefined, text);
  }
  assert.deepEqual(readHlsPlaylist("#EXTM3U"), NOTHING);
});

test("a playlist that another names is not a segment", () => {
  const text =
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="audio.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n';
  const playlists = ["audio.m3u8", "video.m3u8"];
  assert.deepEqual(readHlsPlaylist(text), { ...NOTHING, playlists });
});

test("playlists for fast forward are left aside", () => {
  const text = '#EXTM3U\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="fast.m3u8"\n';
  assert.deepEqual(readHlsPlaylist(text), NOTHING);
});

test("how long segments last at most is read, whole or with a fraction", () => {
  const cases = { "6": 6000, "2.5": 2500, "0": undefined, "-1": undefined, x: undefined, "1e9": undefined };
  for (const [text, targetDurationMs] of Object.entries(cases)) {
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:${text}\n`;
    assert.deepEqual(readHlsPlaylist(playlist), { ...NOTHING, targetDurationMs }, text);
  }
});

test("keys and parts are told apart from segments", () => {
  const text = [
    "#EXTM3U",
    '#EXT-X-KEY:METHOD=AES-128,URI="k/1.bin",IV=0x1',
    "#EXT-X-KEY:METHOD=NONE",
    '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="2.bin"',
    "#EXTINF:4,",
    "a.mp4",
    '#EXT-X-PART:DURATION=1,URI="b.1.mp4",INDEPENDENT=YES',
    '#EXT-X-PART:DURATION=1,URI="b.mp4",BYTERANGE="100@200"',
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b.2.mp4"',
  ].join("\n");
  assert.deepEqual(readHlsPlaylist(text), {
    ...NOTHING,
    segments: ["a.mp4"],
    inits: [],
    unfinished: ["b.1.mp4", "b.mp4", "b.2.mp4"],
    keys: ["k/1.bin", "2.bin"],
  });
});

test("a file that is named by byte ranges is complete once the playlist has ended", () => {
  const text = [
    "#EXTM3U",
    '#EXT-X-MAP:URI="film.mp4",BYTERANGE="700@0"',
    "#EXT-X-BYTERANGE:1000@700",
    "#EXTINF:4,",
    "film.mp4",
    "#EXTINF:4,",
    "#EXT-X-BYTERANGE:1000",
    "film.mp4",
    "",
  ].join("\n");
  const films = ["film.mp4", "film.mp4", "film.mp4"];
  assert.deepEqual(readHlsPlaylist(text), { ...NOTHING, unfinished: films });
  assert.deepEqual(readHlsPlaylist(`${text}#EXT-X-ENDLIST\n`), {
    ...NOTHING,
    segments: films,
    isEnded: true,
  });
});

test("no text breaks the reader", () => {
  const line = fc.constantFrom(
    ...["#EXTM3U", "#EXTINF:", "#EXTINF", "#EXT-X-MAP:URI=", '#EXT-X-KEY:URI="', "a.ts", "#", ":", "", "\r"],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const names = readHlsPlaylist(["#EXTM3U", ...lines].join("\n"));
      return Object.values(names ?? {}).every((said) => !Array.isArray(said) || !said.includes(""));
    }),
  );
});
