import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { second } from "#sdk/base/time.ts";
import type { Want } from "#sdk/engine/io.ts";
import { Wants } from "#sdk/engine/transfer/wants.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { CHUNK, CONTENT } from "./stage.ts";

const PATIENCE = { firstByteMs: 1000, minBytesPerSecond: CHUNK };
/** Of what is wanted at 0 with that patience. */
const TIMING = { startsAt: 1000, bytesPerSecond: CHUNK, hopeUntil: 1000, since: 0 };

function want(number: number, start: number, end: number): Want {
  return { want: number, content: CONTENT.content, resource: 0, start, end, patience: PATIENCE };
}

function wants(windowBytes = 100 * CHUNK): Wants {
  return new Wants(CONTENT.geometry, { windowBytes, firstWindowBytes: windowBytes });
}

function edgesOf(some: Wants): number[] {
  return some.edges().map(({ piece }) => piece);
}

test("the first byte is due after its patience, each later piece at the pace", () => {
  const some = wants();
  some.add(want(1, 0, 3 * CHUNK), 500);
  const due = some.due(() => true);
  assert.deepEqual(
    due.map(({ piece, dueAt }) => [piece, dueAt]),
    [
      [0, 1500],
      [1, 2500],
      [2, 3500],
    ],
  );
  assert.deepEqual([...some.fronts()], [[0, 500]]);
});

test("a piece that two wants need is due when the earlier one needs it", () => {
  const some = wants();
  some.add(want(1, 5 * CHUNK, 10 * CHUNK), 0);
  some.add(want(2, 0, 10 * CHUNK), 0);
  const due = some.due((piece) => piece === 5);
  assert.deepEqual(due, [{ piece: 5, dueAt: 1000, ...TIMING }]);
});

test("what was wanted before is due before, at one pace for all", () => {
  const some = wants();
  some.add(want(1, 0, 3 * CHUNK), 0);
  some.add(want(2, 10 * CHUNK, 11 * CHUNK), 0);
  const due = some.due((piece) => piece === 10);
  assert.deepEqual(due, [{ piece: 10, dueAt: 4000, ...TIMING }]);
});

test("a piece that is there is listed no more, and again only when it is told to be missing", () => {
  const some = wants();
  some.add(want(1, 0, 3 * CHUNK), 0);
  const listed = (missing: (piece: number) => boolean) => some.due(missing).map(({ piece }) => piece);
  assert.deepEqual(
    listed((piece) => piece !== 1),
    [0, 2],
  );
  some.touch();
  assert.deepEqual(
    listed(() => true),
    [0, 1, 2],
  );
});

test("the window follows what the page consumed, for asking and for delivering", () => {
  const some = wants(2 * CHUNK);
  some.add(want(1, 0, 10 * CHUNK), 0);
  assert.deepEqual(
    some.due(() => true).map(({ piece }) => piece),
    [0, 1],
  );
  assert.equal(some.deliverable(() => true, 0).length, 2);
  assert.deepEqual(
    some.deliverable(() => true, 0),
    [],
  );
  assert.equal(some.consumed(1, CHUNK), true);
  assert.equal(some.consumed(1, CHUNK), false, "nothing new was read");
  assert.deepEqual(
    some.deliverable(() => true, 0),
    [{ want: 1, piece: 2, start: 2 * CHUNK, end: 3 * CHUNK }],
  );
});

test("deliveries begin and end inside pieces when the want does, and the last one ends it", () => {
  const some = wants();
  some.add(want(1, 100, CHUNK + 5), 0);
  assert.deepEqual(
    some.deliverable(() => true, 0),
    [
      { want: 1, piece: 0, start: 100, end: CHUNK },
      { want: 1, piece: 1, start: CHUNK, end: CHUNK + 5 },
    ],
  );
  assert.equal(some.size, 0);
});

test("nothing is delivered past a missing piece", () => {
  const some = wants();
  some.add(want(1, 0, 3 * CHUNK), 0);
  assert.deepEqual(
    some.deliverable((piece) => piece !== 1, 0).map(({ piece }) => piece),
    [0],
  );
});

test("interest is told in merged runs, at most as many as fit", () => {
  const some = wants();
  some.add(want(1, 0, 3 * CHUNK), 0);
  some.add(want(2, 2 * CHUNK, 6 * CHUNK), 0);
  some.add(want(3, 10 * CHUNK, 11 * CHUNK), 0);
  const runs = [
    { first: 0, count: 6 },
    { first: 10, count: 1 },
  ];
  assert.deepEqual(some.interest(8), { now: 2, runs: [...runs, ...runs] });
  assert.deepEqual(some.interest(1), { now: 1, runs: [runs[0], runs[0]] });
});

/** As a page that waits for peers as long as it takes: nothing of its window is too early. */
const PATIENT = { firstByteMs: 60 * second, minBytesPerSecond: MIB };

test("interest says first what lies in the window, in whole MiB, and its version tells when that moved", () => {
  const some = new Wants(simContent(2, [70 * CHUNK], CHUNK).geometry, {
    windowBytes: 32 * CHUNK,
    firstWindowBytes: 0,
  });
  some.add({ ...want(1, 0, 70 * CHUNK), patience: PATIENT }, 0);
  const told = () => [some.version, ...some.interest(8).runs.map(({ count }) => count)];
  assert.deepEqual(told(), [1, 32, 70]);
  some.consumed(1, CHUNK);
  assert.deepEqual(told(), [2, 48, 70]);
  some.consumed(1, 2 * CHUNK);
  assert.deepEqual(told(), [2, 48, 70]);
  some.consumed(1, 40 * CHUNK);
  assert.deepEqual(told(), [3, 70, 70]);
});

test("a window begins with its first size and as the page is patient, and each byte that it reads widens it by one", () => {
  const some = new Wants(simContent(2, [200 * CHUNK], CHUNK).geometry, {
    windowBytes: 60 * CHUNK,
    firstWindowBytes: 16 * CHUNK,
  });
  // 16 chunks, and for the one second that the first byte may take a sixtieth of the widest window.
  some.add(want(1, 0, 200 * CHUNK), 0);
  assert.equal(some.due(() => true).length, 17);
  assert.ok(some.consumed(1, 10 * CHUNK));
  assert.deepEqual(edgesOf(some), [10 + 17 + 10]);
  some.consumed(1, 100 * CHUNK);
  assert.deepEqual(edgesOf(some), [160], "But no wider than the window may be.");
});

test("peers are told of a window's end in steps of 1 MiB, and an edge says where that is", () => {
  const some = new Wants(simContent(2, [60 * CHUNK], CHUNK).geometry, {
    windowBytes: 20 * CHUNK,
    firstWindowBytes: 20 * CHUNK,
  });
  some.add(want(1, 0, 60 * CHUNK), 0);
  assert.deepEqual(some.edges(), [{ piece: 20, told: 32 }]);
  some.consumed(1, 35 * CHUNK);
  assert.deepEqual(some.edges(), [{ piece: 55, told: undefined }], "They were told of all that is left.");
});

test("who is alone has its widest window, and tells when that ends", () => {
  const some = new Wants(simContent(2, [200 * CHUNK], CHUNK).geometry, {
    windowBytes: 60 * CHUNK,
    firstWindowBytes: 15 * CHUNK,
  });
  some.add(want(1, 0, 200 * CHUNK), 0);
  some.alone = true;
  assert.equal(some.due(() => true).length, 60);
  const { version } = some;
  some.alone = false;
  assert.equal(some.due(() => true).length, 16);
  assert.ok(some.version > version);
});

test("the version grows when a want comes or goes, and not otherwise", () => {
  const some = wants();
  some.add(want(1, 0, CHUNK), 0);
  assert.equal(some.version, 1);
  some.consumed(1, 10);
  assert.equal(some.remove(2), false);
  assert.equal(some.version, 1);
  some.remove(1);
  assert.equal(some.version, 2);
});

test("a want that reaches further than its window has an edge, which moves on as the page reads", () => {
  const some = wants(4 * CHUNK);
  some.add(want(1, 0, 6 * CHUNK), 0);
  assert.deepEqual(edgesOf(some), [4]);
  some.consumed(1, CHUNK);
  assert.deepEqual(edgesOf(some), [5]);
  some.consumed(1, 2 * CHUNK);
  assert.deepEqual(edgesOf(some), []);
});
