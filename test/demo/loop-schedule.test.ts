import assert from "node:assert/strict";
import { test } from "node:test";
import { LoopSchedule } from "#demo/server/live/loop-schedule.ts";
import { GRACE_SEGMENTS, WINDOW_SEGMENTS } from "#demo/server/live/packager.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const NUMBER = NOW / 1000;
const LOOP = Array.from({ length: 10 }, () => 2000);

const count = (text: string, tag: string): number => text.split(`${tag}\n`).length - 1;
const field = (text: string, tag: string): number => Number(new RegExp(`${tag}:(\\d+)`).exec(text)?.[1]);

test("the playlist says all that a live player needs, the break at the loop's end included", () => {
  const { playlist } = new LoopSchedule([2000, 1500], NOW).advance(NOW);
  assert.equal(
    playlist.split("\n").slice(0, 14).join("\n"),
    `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:${NUMBER}
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T23:59:39.000Z
#EXTINF:2.000000,
segment-${NUMBER}.ts
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T23:59:41.000Z
#EXTINF:1.500000,
segment-${NUMBER + 1}.ts
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T23:59:42.500Z`,
  );
});

test("the window is full at once, and its last segment ends now", () => {
  const schedule = new LoopSchedule(LOOP, NOW);
  const { added, gone } = schedule.advance(NOW);
  assert.equal(added.length, WINDOW_SEGMENTS);
  assert.deepEqual(
    added.map(({ slot }) => slot),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1],
  );
  assert.deepEqual(gone, []);
  assert.equal(schedule.nextAtMs, NOW + 2000);
});

test("a segment comes when its time is over, never before, and the oldest stays for a grace after its last listing", () => {
  const schedule = new LoopSchedule(LOOP, NOW);
  schedule.advance(NOW);
  assert.deepEqual(schedule.advance(NOW + 1999).added, []);
  const { added, gone, playlist } = schedule.advance(NOW + 2000);
  assert.deepEqual(added, [{ number: NUMBER + WINDOW_SEGMENTS, slot: 2 }]);
  assert.deepEqual(gone, [NUMBER - GRACE_SEGMENTS]);
  assert.equal(field(playlist, "MEDIA-SEQUENCE"), NUMBER + 1);
});

test("a break that left the playlist is counted from then on", () => {
  const schedule = new LoopSchedule(LOOP, NOW);
  const at = (turns: number): string => schedule.advance(NOW + turns * 2000).playlist;
  // The break lies before the eleventh segment.
  assert.deepEqual([count(at(10), "DISCONTINUITY"), field(at(10), "DISCONTINUITY-SEQUENCE")], [2, 0]);
  assert.deepEqual([count(at(11), "DISCONTINUITY"), field(at(11), "DISCONTINUITY-SEQUENCE")], [1, 1]);
});

test("a machine that slept writes one window, not all that it missed", () => {
  const schedule = new LoopSchedule(LOOP, NOW);
  schedule.advance(NOW);
  const { added, gone, playlist } = schedule.advance(NOW + 3_600_000);
  assert.equal(added.length, WINDOW_SEGMENTS);
  assert.equal(added.at(-1)?.number, NUMBER + WINDOW_SEGMENTS + 1800 - 1);
  assert.equal(field(playlist, "MEDIA-SEQUENCE"), added[0]?.number);
  assert.ok(gone.includes(NUMBER), "what had been written before is removed");
});

test("a loop without segments is refused", () => {
  assert.throws(() => new LoopSchedule([], NOW), /no segments/);
});

test("numbers are higher than those of a run before, however long it went", () => {
  const seconds = 100_000;
  const before = new LoopSchedule(LOOP, NOW);
  const last = before.advance(NOW + seconds * 1000).added.at(-1)?.number ?? 0;
  const after = new LoopSchedule(LOOP, NOW + seconds * 1000);
  assert.ok((after.advance(NOW + seconds * 1000).added[0]?.number ?? 0) > last);
});
