import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const { content } = CONTENT;

test("a want that is cancelled takes back what was asked of peers", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: ALL });
  const requests = sent(stage.want(), "request");
  const cancels = sent(stage.input({ type: "want-cancelled", want: 1 }), "cancel");
  assert.deepEqual(
    cancels.map(({ request }) => request),
    requests.map(({ request }) => request),
  );
});

test("a late refusal of a request that was taken back says nothing of the one that took its place", () => {
  const stage = new Stage({ minPipeline: 2, snubAfterMs: 60_000 });
  stage.add();
  stage.meet(A, { have: [0] });
  const [before] = sent(stage.want({ end: CHUNK }), "request");
  stage.hears(A, { type: "choke", handle: 0, request: 0 });
  const [after] = sent(stage.hears(A, { type: "unchoke", handle: 0, request: 0 }), "request");
  assert.ok(before && after && before.request !== after.request);
  stage.hears(A, { type: "reject", handle: 1, request: before.request, reason: "choked" });
  assert.deepEqual(sent(stage.wait(1000), "request"), [], "it is on its way already");
  const live = stage.hears(A, { type: "reject", handle: 1, request: after.request, reason: "busy" });
  assert.equal(sent(live, "request")[0]?.piece, 0, "asked again, as that was the live one");
});

test("a whole piece is checked, then stored, told of, and delivered, in this order", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: [0] });
  const [request] = sent(stage.want({ end: CHUNK }), "request");
  const checked = stage.answers(A, request as NonNullable<typeof request>);
  assert.equal(of(checked, "verify")[0]?.piece, 0);
  assert.equal(of(checked, "store").length + of(checked, "deliver").length, 0);
  const effects = stage.verifies(0);
  assert.deepEqual(
    effects.map(({ type }) => type).filter((type) => type === "store" || type === "deliver"),
    ["store", "deliver"],
  );
  assert.deepEqual(of(effects, "deliver")[0]?.source, { from: "peer", peer: A });
});

test("a lone sender of a wrong piece is banned; it may not come back", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: [0] });
  const [request] = sent(stage.want({ end: CHUNK }), "request");
  stage.answers(A, request as NonNullable<typeof request>);
  const effects = stage.input({ type: "corrupt", content, piece: 0 });
  assert.equal(sent(effects, "bye")[0]?.reason, "banned");
  assert.equal(of(stage.input({ type: "offered", peer: A, content }), "refuse").length, 1);
});

test("of two senders of a wrong piece neither is banned, and the next try has one sender", () => {
  const coarse = simContent(8, [2 * CHUNK], 2 * CHUNK);
  const stage = new Stage({ minPipeline: 1 });
  stage.add(coarse);
  stage.meet(A, { content: coarse, have: [0] });
  stage.meet(B, { content: coarse, have: [0] });
  const patience = { firstByteMs: 9000, minBytesPerSecond: 100_000 };
  const want = { want: 1, content: coarse.content, resource: 0, start: 0, end: 2 * CHUNK, patience };
  const [first] = sent(stage.input({ type: "wanted", want }), "request", A);
  stage.answers(A, first as NonNullable<typeof first>);
  stage.input({ type: "disconnected", peer: A });
  const [other] = sent([...stage.effects, ...stage.wait(25)], "request", B);
  stage.answers(B, other as NonNullable<typeof other>);
  stage.meet(A, { content: coarse, have: [0] });
  const from = stage.effects.length;
  const effects = stage.input({ type: "corrupt", content: coarse.content, piece: 0 });
  assert.equal(sent(effects, "bye").length, 0);
  stage.wait(2000);
  const again = of(stage.effects.slice(from), "send").filter(({ frame }) => frame.type === "request");
  assert.equal(again.length, 2);
  assert.equal(new Set(again.map(({ peer }) => peer)).size, 1);
});

test("a snubbed peer's pieces are asked of others, and its late chunk is welcome", () => {
  const stage = new Stage({ snubAfterMs: 3000 });
  stage.add();
  stage.meet(A, { have: [0] });
  const [request] = sent(stage.want({ end: CHUNK }, { firstByteMs: 20_000 }), "request");
  const snubbed = stage.wait(3001);
  assert.equal(sent(snubbed, "cancel", A).length, 1);
  assert.equal(of(snubbed, "fetch-origin").length, 1);
  const late = stage.answers(A, request as NonNullable<typeof request>);
  assert.equal(of(late, "verify").length, 1);
});

test("no more is begun than may be held unverified", () => {
  const stage = new Stage({ maxUnverifiedBytes: 3 * CHUNK, minPipeline: 10 });
  stage.add();
  stage.meet(A, { have: ALL });
  assert.equal(sent(stage.want(), "request").length, 3);
});

test("a small resource is asked of the origin alone, and of peers once the origin failed", () => {
  const small = simContent(9, [5000]);
  const stage = new Stage();
  stage.add(small);
  stage.meet(A, { have: [0], content: small });
  const asked = stage.want({ content: small.content, end: 5000 });
  const [fetch] = of(asked, "fetch-origin");
  assert.ok(fetch);
  assert.equal(sent(asked, "request").length, 0);
  const error = new RivuletError("origin-failed", "The origin is down.");
  const failure = { kind: "unreachable" as const, error };
  const after = stage.input({ type: "origin-failed", fetch: fetch.fetch, failure });
  assert.equal(sent([...after, ...stage.wait(100)], "request").length, 1);
});

test("a piece that is due soon is asked of several peers together, one with time of one alone", () => {
  const coarse = simContent(9, [4 * CHUNK], 4 * CHUNK);
  const askedOf = (firstByteMs: number) => {
    const stage = new Stage({ minPipeline: 2 });
    stage.add(coarse);
    stage.meet(A, { content: coarse, have: [0] });
    stage.meet(B, { content: coarse, have: [0] });
    const patience = { firstByteMs, minBytesPerSecond: 100_000 };
    const want = { want: 1, content: coarse.content, resource: 0, start: 0, end: 4 * CHUNK, patience };
    return sent(stage.input({ type: "wanted", want }), "request").length;
  };
  assert.equal(askedOf(2000), 4);
  assert.equal(askedOf(60_000), 2);
});

test("once peers owe what a line takes in soon, each further one is asked for a single chunk", () => {
  const stage = new Stage({ minPipeline: 4, snubAfterMs: 60_000 });
  stage.add();
  stage.want();
  const asked = [1, 2, 3, 4].map((peer) => sent(stage.meet(peerNo(peer), { have: ALL }), "request").length);
  assert.deepEqual(asked, [4, 4, 1, 1]);
});
