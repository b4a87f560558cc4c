import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import type { Patience } from "#sdk/engine/io.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const { content } = CONTENT;
const ALL_TWENTY = { first: 0, count: 20 };
/** No origin has been measured: it is asked so long before a piece is due. */
const LEAD_MS = 100;
const BACKUP_MS = 3000;

function meeting(options: { serves?: boolean; have?: number[] } = {}) {
  const stage = new Stage({ originLeadMs: LEAD_MS, backupAfterMs: BACKUP_MS, snubAfterMs: 60_000 });
  stage.add();
  stage.meet(A, options);
  return stage;
}

/** Wants one piece, or more, for a player; all of it is due at the same time. */
function play(stage: Stage, patience: Partial<Patience>, end = CHUNK) {
  return stage.want({ end, playing: true }, { minBytesPerSecond: 1e9, ...patience });
}

/** Something happens that has the plan made again, and changes nothing. */
function nudge(stage: Stage): void {
  stage.hears(A, { type: "interested", handle: 1, request: 0, now: 0, runs: [] });
}

/** How long it took until the origin was asked for anything; steps of 50 ms. */
function askedAfter(stage: Stage, everyStep: (ms: number) => void = () => undefined): number {
  for (let ms = 0; ; ms += 50) {
    if (of(stage.effects, "fetch-origin").length > 0 || ms > 30_000) return ms;
    everyStep(ms);
    stage.wait(50);
  }
}

test("what a serving peer gets from the origin is left to it until it is due", () => {
  const stage = meeting();
  stage.fetches(A, ALL_TWENTY);
  play(stage, { firstByteMs: 2000 });
  const waited = askedAfter(stage);
  assert.ok(waited > 2000 - LEAD_MS - 100 && waited <= 2000, `${waited} ms`);
});

test("what nobody gets from the origin is asked for at once, whoever is there", () => {
  const stage = meeting();
  stage.fetches(A, { first: 1, count: 19 });
  play(stage, { firstByteMs: 2000 });
  assert.equal(askedAfter(stage), 0);
});

test("a peer that says it fetches no more leaves it to us at once", () => {
  const stage = meeting();
  stage.fetches(A, ALL_TWENTY);
  play(stage, { firstByteMs: 20_000 });
  stage.wait(500);
  assert.equal(of(stage.effects, "fetch-origin").length, 0);
  stage.fetches(A);
  assert.equal(askedAfter(stage), 0);
});

test("once the peer has the piece it is asked of the peer", () => {
  const stage = meeting();
  stage.fetches(A, ALL_TWENTY);
  play(stage, { firstByteMs: 5000 });
  stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [0] });
  stage.wait(100);
  assert.deepEqual(
    sent(stage.effects, "request", A).map(({ piece }) => piece),
    [0],
  );
  assert.equal(of(stage.effects, "fetch-origin").length, 0);
});

test("a peer that says it fetches, and gets on with nothing, is waited for no longer than for a backup", () => {
  const stage = meeting();
  stage.fetches(A, ALL_TWENTY);
  play(stage, { firstByteMs: 20_000 });
  const waited = askedAfter(stage);
  assert.ok(waited >= BACKUP_MS && waited <= BACKUP_MS + 100, `${waited} ms`);
});

test("a peer whose pieces arrive is waited for until it is due", () => {
  const stage = meeting();
  stage.fetches(A, ALL_TWENTY);
  play(stage, { firstByteMs: 10_000 });
  let next = 19;
  const waited = askedAfter(stage, (ms) => {
    if (ms % 1000 !== 0) return;
    stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [next--] });
    nudge(stage);
  });
  assert.ok(waited > 10_000 - LEAD_MS - 100 && waited <= 10_000, `${waited} ms`);
});

test("what a peer fetches that does not serve us helps nobody, once a new one had time to begin", () => {
  const fresh = meeting({ serves: false });
  fresh.fetches(A, ALL_TWENTY);
  play(fresh, { firstByteMs: 10_000 });
  const waited = askedAfter(fresh, () => nudge(fresh));
  assert.ok(waited >= 950 && waited <= 1100, `it has a second: ${waited} ms`);
  const choking = meeting();
  choking.wait(1500);
  choking.fetches(A, ALL_TWENTY);
  play(choking, { firstByteMs: 10_000 });
  choking.wait(50);
  assert.equal(of(choking.effects, "fetch-origin").length, 0);
  choking.hears(A, { type: "choke", handle: 0, request: 0 });
  assert.equal(askedAfter(choking), 0);
});

test("a snubbed peer's word is worth nothing", () => {
  const stage = new Stage({ originLeadMs: LEAD_MS, backupAfterMs: 60_000, snubAfterMs: 1000 });
  stage.add();
  stage.meet(A, { have: [19] });
  stage.want({ start: 19 * CHUNK, end: 20 * CHUNK }, { firstByteMs: 60_000 });
  stage.fetches(A, { first: 0, count: 5 });
  play(stage, { firstByteMs: 20_000 });
  assert.equal(of(stage.effects, "fetch-origin").length, 0);
  stage.wait(1100);
  assert.ok(sent(stage.effects, "cancel", A).length > 0, "it is snubbed");
  assert.ok(of(stage.effects, "fetch-origin").some(({ first }) => first === 0));
});

// A segment of a live stream is due within seconds.
for (const [blocks, firstByteMs] of [
  [1, 60_000],
  [5, 60_000],
  [1, 500],
] as const)
  test(`of two who fetch ${blocks} block(s) at once that are due in ${firstByteMs} ms, exactly one goes on`, () => {
    const film = simContent(6, [blocks * MIB]);
    const pieces = { first: 0, count: film.geometry.pieceCount };
    for (let pair = 1; pair <= 12; pair++) {
      const ids = [peerNo(pair), peerNo(pair + 100)] as const;
      const stopped = ids.map((self, at) => {
        const stage = new Stage({ dutyBlockBytes: 5 * MIB }, self);
        const other = ids[1 - at] ?? A;
        stage.add(film);
        stage.meet(other, { content: film });
        const want = { content: film.content, end: blocks * MIB, playing: true };
        const [fetch] = of(stage.want(want, { firstByteMs }), "fetch-origin");
        assert.equal(fetch?.count, pieces.count, "alone it takes all");
        stage.fetches(other, pieces);
        return of(stage.effects, "cancel-origin").length;
      });
      assert.deepEqual([...stopped].sort(), [0, 1], `pair ${pair}`);
    }
  });

test("nobody stops what is due now, and could not be asked for again in time", () => {
  for (const self of [peerNo(1), peerNo(101)]) {
    const stage = new Stage({ originLeadMs: LEAD_MS }, self);
    const other = self === peerNo(1) ? peerNo(101) : peerNo(1);
    stage.add();
    stage.meet(other);
    play(stage, { firstByteMs: LEAD_MS }, 20 * CHUNK);
    stage.fetches(other, ALL_TWENTY);
    assert.deepEqual(of(stage.effects, "cancel-origin"), []);
  }
});

test("what is fetched for a player is not given up for somebody who wants it too and comes before us", () => {
  const cancelled = (playing: boolean) =>
    [A, B].filter((self) => {
      const stage = new Stage({}, self);
      const other = self === A ? B : A;
      stage.add();
      stage.meet(other);
      stage.want({ playing }, { firstByteMs: 60_000 });
      stage.hears(other, { type: "interested", handle: 1, request: 0, now: 1, runs: [ALL_TWENTY] });
      return of(stage.effects, "cancel-origin").length > 0;
    }).length;
  assert.deepEqual([cancelled(false), cancelled(true)], [1, 0]);
});

test("hope in peers that nobody has seen yet ends after its own time", () => {
  const askedAt = (patience: Partial<Patience>) => {
    const stage = new Stage({ originLeadMs: LEAD_MS });
    stage.input({ type: "tracker", tracker: { state: "up" } });
    stage.add();
    stage.input({ type: "candidates", content, candidates: [{ peer: A, complete: true }], intervalMs: 6e5 });
    play(stage, { firstByteMs: 5000, ...patience });
    return askedAfter(stage);
  };
  assert.equal(askedAt({ strangersMs: 1000 }), 1000 - LEAD_MS);
  assert.equal(askedAt({}), 5000 - LEAD_MS, "as long as the first byte, when left out");
  assert.equal(askedAt({ strangersMs: 9000 }), 5000 - LEAD_MS, "and no longer than that");
});

test("hope in strangers does not shorten the wait for peers that have it", () => {
  const stage = meeting({ have: ALL });
  play(stage, { firstByteMs: 4000, strangersMs: 0 });
  assert.ok(askedAfter(stage) >= 4000 - LEAD_MS);
});
