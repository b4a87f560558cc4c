import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveResource } from "#demo/src/panel/live.ts";
import { Palette } from "#demo/src/panel/palette.ts";
import { SegmentTimeline } from "#demo/src/player/segment-timeline.ts";

const BASE = "http://site.example/media/clip/";
const PEER = "ab".repeat(16);

function timelineOf(count: number, first = 0): SegmentTimeline {
  const timeline = new SegmentTimeline(`${BASE}rivulet.json`);
  timeline.list(listOf(count, first));
  return timeline;
}

function listOf(count: number, first = 0) {
  return Array.from({ length: count }, (_, index) => ({
    number: first + index,
    startSeconds: (first + index) * 4,
    durationSeconds: 4,
  }));
}

function loaded(number: number, rendition = "360p", sizeBytes = 100) {
  return { number, url: `${BASE}${rendition}/segment-${number}.m4s?token=1`, rendition, sizeBytes };
}

function resource(path: string, more: Partial<LiveResource>): LiveResource {
  return { path, sizeBytes: 100, originBytes: 0, peerBytes: 0, storeBytes: 0, peers: {}, ...more };
}

test("a segment has the shares of the file that was loaded for it, whatever query its URL had", () => {
  const timeline = timelineOf(2);
  timeline.load(loaded(0));
  const resources = [
    resource("360p/segment-0.m4s", { originBytes: 30, peerBytes: 70, peers: { [PEER]: 70 } }),
    resource("540p/segment-0.m4s", { originBytes: 100 }),
  ];
  const [first, second] = timeline.cells(resources, new Palette());
  assert.deepEqual(first?.shares, [
    { className: "origin", bytes: 30 },
    { className: "peer-1", bytes: 70 },
    { className: "store", bytes: 0 },
  ]);
  assert.equal(first?.label, "Segment 1 in 360p: 30 B from the origin, 70 B from peer abab");
  assert.deepEqual([second?.shares, second?.label], [[], "Segment 2: not yet"]);
});

test("what no manifest lists came from the origin", () => {
  const timeline = timelineOf(1);
  timeline.load(loaded(0, "", 2000));
  const [cell] = timeline.cells([], new Palette());
  assert.equal(cell?.label, "Segment 1: 2.00 kB from the origin");
  assert.equal(cell?.shares[0]?.bytes, cell?.sizeBytes);
});

test("of two renditions of a segment the one that was loaded last is shown", () => {
  const timeline = timelineOf(1);
  timeline.load(loaded(0, "240p"));
  timeline.load(loaded(0, "540p"));
  const shown = timeline.cells([resource("540p/segment-0.m4s", { storeBytes: 100 })], new Palette());
  assert.equal(shown[0]?.label, "Segment 1 in 540p: 100 B stored");
});

test("a rendition is named where it begins, also after a segment that has not come", () => {
  const timeline = timelineOf(5);
  for (const [number, rendition] of [
    [0, "240p"],
    [1, "240p"],
    [3, "240p"],
    [4, "540p"],
  ] as const) {
    timeline.load(loaded(number, rendition));
  }
  const names = timeline.cells([], new Palette()).map(({ rendition }) => rendition);
  assert.deepEqual(names, ["240p", "", "", "", "540p"]);
});

test("a live playlist that moves on takes what was known of its segments along, and nothing else", () => {
  const timeline = timelineOf(3, 7);
  for (const number of [7, 8, 9]) timeline.load(loaded(number, ""));
  timeline.list(listOf(3, 8));
  timeline.list(listOf(3, 7));
  const came = timeline.cells([], new Palette()).map(({ sizeBytes }) => sizeBytes);
  assert.deepEqual(came, [0, 100, 100]);
});

test("a point of the strip is a point of the timeline and back", () => {
  const timeline = timelineOf(5, 10);
  assert.equal(timeline.ratioOf(40), 0);
  assert.equal(timeline.ratioOf(50), 0.5);
  assert.equal(timeline.ratioOf(99), 1);
  assert.equal(timeline.ratioOf(0), 0);
  assert.equal(timeline.secondsAt(0.25), 45);
  assert.equal(new SegmentTimeline(BASE).ratioOf(5), 0);
});
