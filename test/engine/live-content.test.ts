import assert from "node:assert/strict";
import { test } from "node:test";
import type { Effect } from "#sdk/engine/io.ts";
import { MAX_LIVE_PIECES, PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import { liveContent } from "#test/sim/sim-content.ts";
import { CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const PATIENT = { firstByteMs: 20_000 };

/** A stage with a stream of one segment of four pieces. */
function streaming() {
  const live = liveContent(7);
  const stage = new Stage({ minPipeline: 4 });
  stage.add(live);
  stage.publish(live, 4);
  const want = (resource: number, pieces = 4, patience = PATIENT) =>
    stage.want({ content: live.content, resource, end: pieces * CHUNK, playing: true }, patience);
  return { live, stage, want };
}

function reason(effects: readonly Effect[]): string | undefined {
  return sent(effects, "bye")[0]?.reason;
}

/** The peer greets and opens the stream as this frame says. */
function opens(
  stage: Stage,
  frame: { first?: number; pieces: number; bits?: Uint8Array; content?: typeof CONTENT.content },
) {
  const { content = liveContent(7).content, bits = new Uint8Array(Math.ceil(frame.pieces / 8)) } = frame;
  stage.input({ type: "offered", peer: A, content });
  stage.input({ type: "connected", peer: A });
  stage.hears(A, { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer: A });
  return stage.hears(A, { type: "open", handle: 1, request: 0, ...frame, content, bits });
}

test("a segment that is published later can be wanted from then on", () => {
  const { live, stage, want } = streaming();
  const resource = stage.publish(live, 3, 2);
  const [fetch] = of(want(resource, 3), "fetch-origin");
  assert.deepEqual([fetch?.resource, fetch?.first, fetch?.count], [1, 6, 3]);
  const effects = stage.originBrings(fetch?.fetch ?? 0, [6, 7, 8], live);
  assert.deepEqual(
    of(effects, "deliver").map(({ piece, start }) => [piece, start]),
    [
      [6, 0],
      [7, CHUNK],
      [8, 2 * CHUNK],
    ],
  );
  assert.deepEqual([...(stage.node.have(live.content) ?? [])], [6, 7, 8]);
});

test("a stream is opened from its first piece, with what we have of it", () => {
  const { live, stage, want } = streaming();
  const fetch = of(want(0), "fetch-origin")[0]?.fetch ?? 0;
  stage.originBrings(fetch, [0, 2], live);
  const [open] = sent(stage.meet(A, { content: live }), "open", A);
  assert.deepEqual([open?.first, open?.pieces, open?.bits], [0, 4, Uint8Array.of(0b1010_0000)]);
  const late = liveContent(8, 21);
  late.publish(2);
  const joined = new Stage();
  joined.add(late);
  const [other] = sent(joined.meet(A, { content: late }), "open", A);
  assert.deepEqual([other?.first, other?.pieces], [16, 7]);
});

test("what a peer has of a segment that we do not know yet is asked of it once we know it", () => {
  const { live, stage, want } = streaming();
  stage.meet(A, { content: live });
  const have = stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [4, 5, 6] });
  assert.equal(reason(have), undefined);
  const resource = stage.publish(live, 4);
  const effects = want(resource);
  assert.deepEqual(
    sent(effects, "request", A)
      .map(({ piece }) => piece)
      .sort(),
    [4, 5, 6],
  );
  const [fetch, ...more] = of(effects, "fetch-origin");
  assert.deepEqual([fetch?.first, fetch?.count, more.length], [7, 1, 0], "and the origin for what it lacks");
});

test("a peer that opens the stream further on than we know counts for it once we know it", () => {
  const { live, stage, want } = streaming();
  const ahead = liveContent(7);
  ahead.publish(8);
  stage.meet(A, { content: ahead, have: [4, 5, 6, 7] });
  const resource = stage.publish(live, 4);
  assert.deepEqual(of(want(resource), "fetch-origin"), []);
});

test("a peer's bitfield slides as it tells of later pieces, and what it lost sight of is not asked of it", () => {
  const { live, stage, want } = streaming();
  stage.meet(A, { content: live, have: [0, 1, 2, 3] });
  stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [MAX_LIVE_PIECES + 7] });
  assert.deepEqual(sent(want(0), "request"), []);
  const other = streaming();
  other.stage.meet(A, { content: other.live, have: [0, 1, 2, 3] });
  other.stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [MAX_LIVE_PIECES - 1] });
  assert.equal(sent(other.want(0), "request").length, 4);
});

test("a peer may tell of the last piece that there can be", () => {
  const { live, stage } = streaming();
  stage.meet(A, { content: live, have: [0, 1, 2, 3] });
  assert.equal(
    reason(stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [2 ** 32 - 1] })),
    undefined,
  );
});

test("what only a peer had that lost sight of it is asked of the origin at once, when that peer is gone", () => {
  const { live, stage, want } = streaming();
  stage.meet(A, { content: live, have: [0, 1, 2, 3] });
  stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [3 * MAX_LIVE_PIECES] });
  stage.input({ type: "disconnected", peer: A });
  assert.equal(of(want(0), "fetch-origin").length, 1);
});

test("a peer that speaks of more pieces at once than a live content may have breaks the protocol", () => {
  const { stage } = streaming();
  assert.equal(reason(opens(stage, { first: 0, pieces: MAX_LIVE_PIECES + 1 })), "violation");
  const other = streaming();
  assert.equal(reason(opens(other.stage, { first: 80_000, pieces: MAX_LIVE_PIECES })), undefined);
});

test("a peer that opens a fixed content as a live one, or a live one as fixed, breaks the protocol", () => {
  const { stage } = streaming();
  assert.equal(reason(opens(stage, { pieces: 4 })), "violation");
  const fixed = new Stage();
  fixed.add();
  assert.equal(reason(opens(fixed, { content: CONTENT.content, first: 0, pieces: 20 })), "violation");
  assert.equal(
    reason(opens(new Stage(), { first: 0, pieces: 20 })),
    undefined,
    "one that we know nothing of",
  );
});

test("a peer that opened as fixed what we add as live is nobody to ask", () => {
  const live = liveContent(7);
  const stage = new Stage();
  opens(stage, { pieces: 4, bits: Uint8Array.of(0xf0) });
  stage.hears(A, { type: "interested", handle: 1, request: 0, now: 0, runs: [] });
  stage.add(live);
  const resource = stage.publish(live, 4);
  stage.hears(A, { type: "unchoke", handle: 0, request: 0 });
  const effects = stage.want({ content: live.content, resource, end: 4 * CHUNK }, PATIENT);
  assert.deepEqual([sent(effects, "request").length, of(effects, "fetch-origin").length], [0, 1]);
});

test("a have for a piece past the end of a fixed content breaks the protocol", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  assert.equal(reason(stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [20] })), "violation");
});

test("a live content is never complete: it looks for peers, and never announces itself as a seeder", () => {
  const { live, stage, want } = streaming();
  stage.input({ type: "tracker", tracker: { state: "up" } });
  const fetch = of(want(0, 4, { firstByteMs: 0 }), "fetch-origin")[0]?.fetch ?? 0;
  stage.originBrings(fetch, [0, 1, 2, 3], live);
  assert.equal(stage.node.have(live.content)?.count, 4);
  const candidates = [{ peer: B, complete: false }];
  const input = { type: "candidates", content: live.content, candidates, intervalMs: 1000 } as const;
  assert.equal(of(stage.input(input), "dial").length, 1);
  stage.wait(5000);
  const announced = of(stage.effects, "announce");
  assert.ok(announced.length > 1);
  for (const { complete, want: wanted } of announced) assert.deepEqual([complete, wanted > 0], [false, true]);
});

test("pieces of which we know nothing do not disturb what is known of who passes on what it was given", () => {
  const { live, stage, want } = streaming();
  stage.originBrings(of(want(0, 1), "fetch-origin")[0]?.fetch ?? 0, [0], live);
  stage.meet(A, { content: live, wants: true });
  stage.meet(B, { content: live });
  stage.hears(A, { type: "request", handle: 1, request: 5, piece: 0, offset: 0, length: CHUNK });
  const [read] = of(stage.effects, "read");
  stage.input({ type: "read", read: read?.read ?? 0, data: { byteLength: CHUNK } });
  assert.equal(sent(stage.effects, "chunk", A).length, 1);
  for (let segment = 0; segment < 2; segment++) stage.publish(live, MAX_LIVE_PIECES);
  const effects = stage.hears(B, { type: "have", handle: 1, request: 0, pieces: [0, 99_999] });
  assert.equal(reason(effects), undefined);
});
