import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import type { Effect } from "#sdk/engine/io.ts";
import { PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import type { PieceRun } from "#sdk/protocol/piece-run.ts";
import { type SimContent, simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const { content } = CONTENT;

test("with nobody to hope for, the origin is asked for all of it in one range, at once", () => {
  const stage = new Stage();
  stage.add();
  const [fetch, ...more] = of(stage.want(), "fetch-origin");
  assert.deepEqual([fetch?.first, fetch?.count, fetch?.whole, more.length], [0, 20, true, 0]);
});

test("while a connecting tracker has its grace the origin waits, and then waits no more", () => {
  const stage = new Stage();
  stage.input({ type: "tracker", tracker: { state: "connecting", graceMs: 700 } });
  stage.add();
  assert.equal(of(stage.want(), "fetch-origin").length, 0);
  assert.equal(of(stage.wait(699), "fetch-origin").length, 0);
  assert.equal(of(stage.wait(2), "fetch-origin").length, 1);
});

test("an answer without candidates sends us to the origin at once", () => {
  const stage = new Stage();
  stage.input({ type: "tracker", tracker: { state: "up" } });
  stage.add();
  assert.equal(of(stage.want(), "fetch-origin").length, 0);
  const effects = stage.input({ type: "candidates", content, candidates: [], intervalMs: 60_000 });
  assert.equal(of(effects, "fetch-origin").length, 1);
});

test("who is alone asks the origin for the widest window at once, and who has peers for the first one", () => {
  const asked = (peers: boolean) => {
    // The page's patience of 5 s opens a twelfth of the widest window.
    const stage = new Stage({ windowBytes: 12 * CHUNK, firstWindowBytes: 2 * CHUNK });
    stage.add();
    stage.input({ type: "tracker", tracker: { state: "down" } });
    if (peers) stage.meet(A);
    return of(stage.want(), "fetch-origin").reduce((sum, { count }) => sum + count, 0);
  };
  assert.deepEqual([asked(false), asked(true)], [12, 3]);
});

test("hope in peers that nobody has seen ends when the first byte is due, for our share of the work first", () => {
  const stage = new Stage({ originLeadMs: 100 });
  stage.input({ type: "tracker", tracker: { state: "up" } });
  stage.add();
  stage.want({}, { firstByteMs: 2000, minBytesPerSecond: 1000 });
  const candidates = [{ peer: A, complete: true }];
  assert.equal(
    of(stage.input({ type: "candidates", content, candidates, intervalMs: 60_000 }), "dial").length,
    1,
  );
  assert.equal(of(stage.wait(1899), "fetch-origin").length, 0);
  stage.wait(2);
  const ours = of(stage.effects, "fetch-origin");
  assert.ok(ours.length === 1 && (ours[0]?.count ?? 20) < 20, "the other block will be the peer's duty");
  stage.input({
    type: "origin-piece",
    fetch: ours[0]?.fetch ?? 0,
    piece: ours[0]?.first ?? 0,
    data: { byteLength: CHUNK },
  });
  stage.wait(100);
  assert.equal(
    of(stage.effects, "fetch-origin").reduce((sum, { count }) => sum + count, 0),
    20,
    "our line has nothing better to do",
  );
});

test("two who dial each other, and are long in getting through, split the origin's blocks meanwhile", () => {
  const big = simContent(6, [16 * MIB]);
  const [mine, theirs] = [A, B].map((self) => {
    const stage = new Stage({ maxOriginFetches: 1 }, self);
    stage.input({ type: "tracker", tracker: { state: "up" } });
    stage.add(big);
    stage.want({ content: big.content, end: 16 * MIB }, { firstByteMs: 2000, minBytesPerSecond: 1000 });
    const candidates = [{ peer: self === A ? B : A, complete: false }];
    stage.input({ type: "candidates", content: big.content, candidates, intervalMs: 60_000 });
    stage.wait(2000);
    return [...fetchAll(stage, big, 64)];
  }) as [number[], number[]];
  assert.deepEqual([mine.length, theirs.length], [64, 64]);
  assert.deepEqual(
    mine.filter((piece) => theirs.includes(piece)),
    [0],
    "the first piece is due",
  );
});

test("patience of 0 asks the origin for the first piece at once, though a peer has it", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: ALL });
  const [fetch] = of(stage.want({}, { firstByteMs: 0, minBytesPerSecond: CHUNK }), "fetch-origin");
  assert.equal(fetch?.first, 0);
  assert.ok((fetch?.count ?? 20) < 5);
});

test("what a peer has is asked of it, a pipeline's worth, and the origin only when it is about to be late", () => {
  const stage = new Stage({ minPipeline: 2, originLeadMs: 100, snubAfterMs: 60_000 });
  stage.add();
  stage.meet(A, { have: ALL });
  const effects = stage.want({}, { firstByteMs: 5000 });
  assert.deepEqual(sent(effects, "request").map(({ piece }) => piece).length, 2);
  assert.equal(of(effects, "fetch-origin").length, 0);
  assert.equal(of(stage.wait(4_899), "fetch-origin").length, 0);
  assert.equal(of(stage.wait(2), "fetch-origin")[0]?.first, 0);
});

test("who saw the origin take its time asks it that much earlier, a second at most", () => {
  const askedAt = (originMs: number) => {
    const stage = new Stage({ minPipeline: 2, originLeadMs: 100, snubAfterMs: 60_000 });
    stage.add();
    stage.input({ type: "tracker", tracker: { state: "down" } });
    const [alone] = of(stage.want({ end: CHUNK }), "fetch-origin");
    stage.wait(originMs);
    const data = { byteLength: CHUNK };
    stage.input({ type: "origin-piece", fetch: alone?.fetch ?? 0, piece: 0, data });
    stage.verifies(0);
    stage.meet(A, { have: ALL });
    stage.want({ start: CHUNK, end: 2 * CHUNK }, { firstByteMs: 5000 });
    let waited = 0;
    while (waited < 6000 && of(stage.wait(50), "fetch-origin").length === 0) waited += 50;
    return waited;
  };
  assert.deepEqual([50, 700, 3000].map(askedAt), [4850, 4250, 3950]);
});

test("a small resource never waits for a peer", () => {
  const page = simContent(4, [9_000]);
  const stage = new Stage();
  stage.add(page);
  stage.meet(A, { content: page, have: [0] });
  const want = { want: 99, content: page.content, resource: 0, start: 0, end: 9_000 };
  const patience = { firstByteMs: 9000, minBytesPerSecond: 1 };
  assert.equal(of(stage.input({ type: "wanted", want: { ...want, patience } }), "fetch-origin").length, 1);
});

for (const known of ["before they begin", "only after both have begun"]) {
  test(`two who want the same, have nothing and learn of each other ${known} split the origin's blocks`, () => {
    const big = simContent(6, [16 * MIB]);
    const asked = [A, B].map((self) => {
      const stage = new Stage({}, self);
      const other = self === A ? B : A;
      stage.add(big);
      const patience = { firstByteMs: 60_000, minBytesPerSecond: 1000 };
      const want = () => stage.want({ content: big.content, end: 16 * MIB }, patience);
      if (known.startsWith("only")) {
        stage.meet(other, { content: big });
        assert.equal(of(want(), "fetch-origin")[0]?.count, 64, "alone, it takes what comes");
        stage.hears(other, {
          type: "interested",
          handle: 1,
          request: 0,
          now: 1,
          runs: [{ first: 0, count: 256 }],
        });
      } else {
        stage.meet(other, { content: big, wants: true });
        want();
      }
      return fetchAll(stage, big);
    });
    const [mine, theirs] = asked as [Set<number>, Set<number>];
    assert.equal(mine.size + theirs.size, 256);
    assert.deepEqual(
      [...mine].filter((piece) => theirs.has(piece)),
      [],
    );
    assert.ok(mine.size >= 48 && theirs.size >= 48, `${mine.size}`);
  });
}

test("who cannot read on for want of a block takes it over from who is on duty, whole, though other pieces come", () => {
  const big = simContent(6, [16 * MIB]);
  const blockOf = (fetch: { first: number } | undefined) => Math.floor((fetch?.first ?? 0) / 16);
  // Of two, one is on duty for the first block; we are the other.
  const stages = [A, B].map((self) => {
    const stage = new Stage({}, self);
    const other = self === A ? B : A;
    stage.add(big);
    const have = Array.from({ length: 64 }, (_, piece) => piece + 192);
    stage.meet(other, { content: big, have, wants: true });
    stage.want({ content: big.content, end: 16 * MIB }, { firstByteMs: 60_000, minBytesPerSecond: 1000 });
    return { stage, other };
  });
  const ours = stages.find(({ stage }) => of(stage.effects, "fetch-origin").every((one) => blockOf(one) > 0));
  assert.ok(ours, "only one of two is on duty");
  const { stage, other } = ours;
  const block = () => of(stage.effects, "fetch-origin").find((one) => one.first === 0);
  let [answered, waited] = [0, 0];
  for (; !block() && waited < 20_000; waited += 100) {
    // The other brings a piece of the last quarter now and then, and the origin what is ours.
    const request = sent(stage.effects, "request", other)[answered];
    if (request && waited % 300 === 0) {
      answered++;
      stage.answers(other, request);
      stage.verifies(request.piece, big);
    }
    stage.wait(100);
  }
  assert.ok(waited >= 2500 && waited <= 3500, `after ${waited} ms`);
  const fetch = block();
  assert.equal(fetch?.count, 16);
  for (let piece = 0; piece < 15; piece++) {
    stage.input({ type: "origin-piece", fetch: fetch?.fetch ?? 0, piece, data: { byteLength: CHUNK } });
    stage.verifies(piece, big);
    stage.wait(200);
  }
  assert.ok(!of(stage.effects, "cancel-origin").some((one) => one.fetch === fetch?.fetch));
});

/** Plays the origin until it is asked for nothing more, or sent so many; returns the pieces that it sent. */
function fetchAll(stage: Stage, big: SimContent, most = Number.POSITIVE_INFINITY): Set<number> {
  const pieces = new Set<number>();
  for (let next = 0; ; next++) {
    const fetch = of(stage.effects, "fetch-origin")[next];
    if (!fetch) return pieces;
    const cancelled = () => of(stage.effects, "cancel-origin").some((one) => one.fetch === fetch.fetch);
    for (let piece = fetch.first; piece < fetch.first + fetch.count && !cancelled(); piece++) {
      pieces.add(piece);
      if (pieces.size >= most) return pieces;
      stage.input({ type: "origin-piece", fetch: fetch.fetch, piece, data: { byteLength: CHUNK } });
      stage.verifies(piece, big);
      stage.wait(25);
    }
    if (!cancelled()) stage.input({ type: "origin-done", fetch: fetch.fetch });
    stage.wait(25);
  }
}

test("a peer that turns up while the origin sends takes over once it delivers, if that is in good time", () => {
  const cases = [
    { what: "delivers fast", everyMs: 25, dueMs: 60_000, stopped: true },
    { what: "delivers nothing", everyMs: 0, dueMs: 60_000, stopped: false },
    { what: "would be late", everyMs: 500, dueMs: 3_500, pieceBytes: CHUNK / 2, stopped: false },
    { what: "has too little time", everyMs: 25, dueMs: 1_000, stopped: false },
  ];
  for (const { what, everyMs, dueMs, pieceBytes = CHUNK, stopped } of cases) {
    const file = simContent(9, [20 * CHUNK], pieceBytes);
    const stage = new Stage();
    stage.add(file);
    const patience = { firstByteMs: dueMs, minBytesPerSecond: 100_000_000 };
    const [fetch] = of(stage.want({ content: file.content }, patience), "fetch-origin");
    const { pieceCount } = file.geometry;
    stage.meet(A, { content: file, have: Array.from({ length: pieceCount }, (_, piece) => piece) });
    for (let turn = 0; turn < 4 && everyMs > 0; turn++) {
      stage.wait(everyMs);
      const request = sent(stage.effects, "request")[turn];
      stage.answers(A, request as NonNullable<typeof request>);
    }
    if (everyMs === 0) stage.wait(2_000);
    const expected = stopped ? [{ type: "cancel-origin", fetch: fetch?.fetch }] : [];
    assert.deepEqual(of(stage.effects, "cancel-origin"), expected, `a peer that ${what}`);
  }
});

test("a peer that opened a content has a second to say what it wants of it, which may be its share of the work", () => {
  const big = simContent(7, [4 * MIB]);
  const open = () => {
    const stage = new Stage();
    stage.add(big);
    stage.input({ type: "offered", peer: A, content: big.content });
    stage.want({ content: big.content, end: 4 * MIB }, { firstByteMs: 60_000 });
    stage.input({ type: "connected", peer: A });
    stage.hears(A, { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer: A });
    const bits = new Uint8Array(8);
    stage.hears(A, { type: "open", handle: 1, request: 0, content: big.content, pieces: 64, bits });
    assert.deepEqual(of(stage.effects, "fetch-origin"), []);
    return stage;
  };
  const asked = (effects: readonly Effect[]) =>
    of(effects, "fetch-origin").reduce((sum, { count }) => sum + count, 0);
  const says = (runs: readonly PieceRun[]) =>
    asked(open().hears(A, { type: "interested", handle: 1, request: 0, now: 1, runs }));
  const mine = says([{ first: 0, count: 64 }]);
  assert.ok(mine > 0 && mine < 64, `${mine} of 64 pieces are ours to fetch`);
  assert.equal(says([]), 64, "it wants nothing: all is ours");
  const silent = open();
  assert.equal(asked(silent.wait(999)), 0);
  assert.equal(asked(silent.wait(2)), 64);
});

test("a fetch whose pieces all came from elsewhere is cancelled", () => {
  const stage = new Stage();
  stage.add();
  const [fetch] = of(stage.want({ end: CHUNK }, { firstByteMs: 0 }), "fetch-origin");
  stage.meet(A, { have: ALL });
  stage.input({ type: "want-cancelled", want: 1 });
  assert.deepEqual(of(stage.effects, "cancel-origin"), [{ type: "cancel-origin", fetch: fetch?.fetch }]);
});

test("a want fails with the origin's error only when nobody else may help", () => {
  const error = new RivuletError("origin-failed", "gone");
  for (const helped of [true, false]) {
    const stage = new Stage();
    stage.add();
    stage.meet(A, { have: helped ? ALL : [] });
    const [fetch] = of(stage.want({}, { firstByteMs: 0 }), "fetch-origin");
    const failure = { kind: "unreachable", error } as const;
    const failed = stage.input({ type: "origin-failed", fetch: fetch?.fetch ?? 0, failure });
    assert.equal(of(failed, "want-failed").length, helped ? 0 : 1);
  }
});

test("with the origin gone, a peer that fell silent is waited for, though not for ever", () => {
  for (const returns of [true, false]) {
    const stage = new Stage();
    stage.add();
    stage.meet(A, { have: ALL });
    const [request] = sent(stage.want({}, { firstByteMs: 1000 }), "request");
    stage.wait(3500);
    assert.ok(sent(stage.effects, "cancel", A).length > 0, "it is snubbed");
    const refuse = () => {
      const fetch = of(stage.effects, "fetch-origin").at(-1)?.fetch ?? 0;
      const failure = { kind: "missing", error: new RivuletError("origin-failed", "gone") } as const;
      stage.input({ type: "origin-failed", fetch, failure });
    };
    refuse();
    // Pongs, and no chunk.
    const passes = (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        stage.wait(1000);
        stage.hears(A, { type: "pong", handle: 0, request: 0 });
      }
    };
    passes(20);
    assert.deepEqual(of(stage.effects, "want-failed"), []);
    if (returns) {
      const asked = sent(stage.effects, "request").length;
      stage.answers(A, request as NonNullable<typeof request>);
      stage.wait(100);
      assert.ok(sent(stage.effects, "request").length > asked, "it is asked for more");
      continue;
    }
    passes(60);
    refuse();
    passes(1);
    assert.equal(of(stage.effects, "want-failed").length, 1);
  }
});

for (const [what, options, rival] of [
  ["the window does not reach", { windowBytes: 4 * CHUNK }, false],
  ["somebody else is on duty for", {}, true],
] as const) {
  test(`an origin that sends the whole is read to its end: what ${what} is not worth beginning anew`, () => {
    const big = simContent(6, [4 * MIB]);
    const stage = new Stage(options);
    stage.add(big);
    stage.meet(A, { content: big });
    const want = stage.want({ content: big.content, end: 4 * MIB }, { firstByteMs: 60_000 });
    const fetch = of(want, "fetch-origin")[0]?.fetch ?? 0;
    stage.input({ type: "origin-whole", fetch });
    if (rival)
      stage.hears(A, { type: "interested", handle: 1, request: 0, now: 1, runs: [{ first: 0, count: 64 }] });
    for (let piece = 0; piece < 63; piece++) {
      stage.input({ type: "origin-piece", fetch, piece, data: { byteLength: CHUNK } });
      stage.verifies(piece, big);
      stage.wait(25);
      assert.deepEqual(of(stage.effects, "cancel-origin"), [], `after piece ${piece}`);
    }
  });
}

test("an origin that ignores ranges is asked for the whole once, whatever is missing", () => {
  const stage = new Stage();
  stage.add(CONTENT, [0, 1, 2, 10]);
  const fetches = of(stage.want({}, { firstByteMs: 0 }), "fetch-origin");
  assert.deepEqual(
    fetches.map(({ first, count }) => [first, count]),
    [
      [3, 7],
      [11, 9],
    ],
  );
  const effects = stage.input({ type: "origin-whole", fetch: fetches[0]?.fetch ?? 0 });
  assert.deepEqual(of(effects, "cancel-origin"), [{ type: "cancel-origin", fetch: fetches[1]?.fetch }]);
  assert.equal(of(effects, "fetch-origin").length, 0);
  stage.want({ start: 12 * CHUNK }, { firstByteMs: 0 });
  assert.equal(of(stage.effects, "fetch-origin").length, 2);
});

test("a piece that the store lost is fetched again, for who wants it then", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  assert.equal(of(stage.want(), "deliver").length, 20);
  stage.input({ type: "lost", content, piece: 4 });
  const [fetch] = of(stage.want({ start: 4 * CHUNK, end: 5 * CHUNK }), "fetch-origin");
  assert.deepEqual([fetch?.first, fetch?.count], [4, 1]);
});
