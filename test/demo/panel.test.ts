import assert from "node:assert/strict";
import { test } from "node:test";
import { otherViewerUrl } from "#demo/src/panel/actions.ts";
import { MAX_SHOWN, shownFiles } from "#demo/src/panel/files.ts";
import { fileName, formatBytes, formatPercent } from "#demo/src/panel/format.ts";
import type { LiveStats } from "#demo/src/panel/live.ts";
import { chooseNotice, type Notice, type Situation } from "#demo/src/panel/notice.ts";
import { Palette } from "#demo/src/panel/palette.ts";
import { describeShares, sharesOf } from "#demo/src/panel/split-bar.ts";

test("bytes are told with three digits, and never as 1000 of a unit", () => {
  assert.deepEqual([0, 999, 1000, 12_345, 999_499, 999_600, 2_130_551].map(formatBytes), [
    "0 B",
    "999 B",
    "1.00 kB",
    "12.3 kB",
    "999 kB",
    "1.00 MB",
    "2.13 MB",
  ]);
});

test("a percentage says 0 and 100 only when it is so", () => {
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(formatPercent), ["0", "1", "50", "99", "100"]);
});

test("a file's name is decoded, and left alone when it cannot be", () => {
  assert.equal(fileName("a/b%20c.png"), "b c.png");
  assert.equal(fileName("a/%zz.png"), "%zz.png");
  assert.equal(fileName("clip/360p/a%20b.m4s", 1), "360p/a b.m4s");
  assert.equal(fileName("a.png", 1), "a.png");
});

test("another viewer is a visitor of its own on a local demo, and the same page elsewhere", () => {
  const at = (text: string): string => otherViewerUrl(new URL(text), "k7");
  assert.equal(at("http://localhost:8080/gallery.html"), "http://viewer-k7.localhost:8080/gallery.html");
  assert.equal(at("http://127.0.0.1:8080/"), "http://viewer-k7.localhost:8080/");
  assert.equal(at("http://viewer-a.localhost:8080/"), "http://viewer-k7.localhost:8080/");
  assert.equal(at("https://demo.example/gallery.html"), "https://demo.example/gallery.html");
});

test("a file's shares are the origin, each peer, then the store; peers that share a colour share a segment", () => {
  const palette = new Palette();
  for (let i = 0; i < 7; i++) palette.classOf(`${i}`.repeat(32));
  const resource = {
    path: "a.png",
    sizeBytes: 100,
    originBytes: 10,
    peerBytes: 60,
    storeBytes: 30,
    peers: { ["0".repeat(32)]: 20, ["6".repeat(32)]: 40 },
  };
  assert.deepEqual(sharesOf(resource, palette), [
    { className: "origin", bytes: 10 },
    { className: "peer-1", bytes: 60 },
    { className: "store", bytes: 30 },
  ]);
  const words = "10 B from the origin, 20 B from peer 0000, 40 B from peer 6666, 30 B stored";
  assert.equal(describeShares(resource), words);
});

test("of a stream without end the newest thirty files are listed, and none that has not begun", () => {
  const resources = Array.from({ length: MAX_SHOWN + 5 }, (_, index) => ({
    path: `segment-${index}.ts`,
    sizeBytes: 100,
    originBytes: index === MAX_SHOWN + 4 ? 0 : 1,
    peerBytes: 0,
    storeBytes: 0,
    peers: {},
  }));
  const shown = shownFiles(resources);
  assert.equal(shown.length, MAX_SHOWN);
  assert.deepEqual([shown[0]?.path, shown.at(-1)?.path], ["segment-4.ts", "segment-33.ts"]);
});

test("the notice tells the worst news first, and being alone only when nothing is wrong", () => {
  const stats = (tracker: LiveStats["tracker"], peers: number): LiveStats => ({
    peer: "ab".repeat(16),
    tracker,
    originBytes: 0,
    peerBytes: 0,
    storeBytes: 0,
    offloadRatio: 0,
    uploadedBytes: 0,
    wastedBytes: 0,
    peers: Array.from({ length: peers }, () => ({
      peer: "",
      downloadedBytes: 0,
      uploadedBytes: 0,
      downloadBytesPerSecond: 0,
    })),
    resources: [],
  });
  const kind = (more: Partial<Situation>): Notice["kind"] =>
    chooseNotice({ stats: undefined, webRtc: true, problem: undefined, originOnly: undefined, ...more }).kind;
  assert.equal(kind({}), "starting");
  assert.equal(kind({ stats: stats("up", 0) }), "alone");
  assert.equal(kind({ stats: { ...stats("up", 0), storeBytes: 1 } }), "stored");
  assert.equal(kind({ stats: stats("up", 2) }), "none");
  assert.equal(kind({ stats: stats("down", 2) }), "tracker-down");
  assert.equal(kind({ stats: stats("down", 0), webRtc: false }), "no-webrtc");
  assert.equal(kind({ stats: stats("off", 0), originOnly: "The manifest is not JSON." }), "origin-only");
  assert.equal(kind({ stats: stats("up", 0), webRtc: false, problem: "broken" }), "error");
});
