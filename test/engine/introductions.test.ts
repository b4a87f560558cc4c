import assert from "node:assert/strict";
import { test } from "node:test";
import { type PeerId, parseDialId } from "#sdk/base/ids.ts";
import type { IntroduceFrame } from "#sdk/protocol/frames/introduce.ts";
import { MAX_EXCHANGED_PEERS, PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import { ALL, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const { content } = CONTENT;
const [A, B, C] = [peerNo(1), peerNo(2), peerNo(3)];
const DIAL = parseDialId("0123456789abcdef");
const OFFER = { type: "offer", sdp: "x" };

function bytes(signal: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(signal));
}

function frame(way: "to" | "from", peer: PeerId, signal: unknown = OFFER): IntroduceFrame {
  return { type: "introduce", handle: 1, request: 0, way, peer, dial: DIAL, signal: bytes(signal) };
}

function peers(added: readonly PeerId[], dropped: readonly PeerId[] = []) {
  const list = added.map((peer) => ({ peer, complete: false }));
  return { type: "peers", handle: 1, request: 0, added: list, dropped } as const;
}

function ended(stage: Stage): string[] {
  const reasons = of(stage.effects, "event").map(({ event }) => event.type);
  return reasons.filter((type) => type === "peer-banned" || type === "peer-disconnected");
}

test("what is to be relayed goes to the neighbour that is named, from the one who sent it, and nobody is dialled", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  stage.meet(B);
  const effects = stage.hears(A, frame("to", B));
  assert.deepEqual(
    sent(effects, "introduce", B).map(({ way, peer, signal }) => [way, peer, signal]),
    [["from", A, bytes(OFFER)]],
  );
  assert.deepEqual([of(effects, "dial"), sent(effects, "introduce", A)], [[], []]);
});

test("a link full of media takes what is to be relayed all the same: a dial that misses one word is lost", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  stage.meet(B);
  stage.input({ type: "congested", peer: B });
  assert.equal(sent(stage.hears(A, frame("to", B, { type: "answer" })), "introduce", B).length, 1);
});

test("for somebody unknown the relay says no at once, and passes nothing on", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  const [refusal] = sent(stage.hears(A, frame("to", C)), "introduce");
  assert.deepEqual([refusal?.way, refusal?.peer, refusal?.signal], ["from", C, bytes({ type: "refuse" })]);
});

test("a peer that a neighbour told of is dialled through it when there is no tracker", () => {
  const stage = new Stage();
  stage.add();
  stage.want();
  stage.input({ type: "tracker", tracker: { state: "down" } });
  stage.meet(B);
  const [dial] = of(stage.hears(B, peers([C])), "dial");
  assert.equal(dial?.peer, C);
  const effects = stage.input({ type: "signal", peer: C, content, dial: DIAL, signal: OFFER });
  const [relayed] = sent(effects, "introduce", B);
  assert.deepEqual([relayed?.way, relayed?.peer], ["to", C]);
  assert.deepEqual(of(effects, "introduce"), []);
  const answer = stage.hears(B, frame("from", C, { type: "answer" }));
  assert.deepEqual(
    of(answer, "introduced").map(({ from, signal }) => [from, signal]),
    [[C, { type: "answer" }]],
  );
});

test("while the tracker is up it introduces, and whom nobody can reach is refused at once", () => {
  const stage = new Stage();
  stage.add();
  const signal = { type: "signal", peer: C, content, dial: DIAL, signal: OFFER } as const;
  stage.input({ type: "tracker", tracker: { state: "up" } });
  assert.equal(of(stage.input(signal), "introduce")[0]?.to, C);
  const alone = new Stage();
  alone.add();
  alone.input({ type: "tracker", tracker: { state: "down" } });
  assert.deepEqual(of(alone.input(signal), "introduced")[0]?.signal, { type: "refuse" });
});

test("nobody can speak in a dial that went another way, nor touch a connection that stands", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  stage.meet(B);
  stage.input({ type: "introduced", from: C, content, dial: DIAL, signal: OFFER });
  assert.deepEqual(of(stage.hears(A, frame("from", C, { type: "refuse" })), "introduced"), []);
  for (const said of [OFFER, { type: "refuse" }, { type: "answer" }])
    assert.deepEqual(of(stage.hears(A, frame("from", B, said)), "introduced"), []);
  assert.deepEqual(ended(stage), []);
});

test("junk in a signal is dropped, and is not held against who relayed it", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  for (const text of ["nonsense", "7", "null", '"x"', "{"]) {
    const signal = new TextEncoder().encode(text);
    assert.deepEqual(stage.hears(A, { ...frame("from", C), signal }), []);
  }
  assert.deepEqual(ended(stage), []);
});

test("who pretends to be somebody gets himself banned, not him whom he named", () => {
  const stage = new Stage({ maxStrikes: 1 });
  stage.add();
  stage.meet(A);
  stage.hears(A, frame("from", C));
  const offered = { type: "offered", peer: C, content, dial: DIAL } as const;
  assert.equal(of(stage.input(offered), "accept").length, 1);
  stage.input({ type: "connected", peer: C });
  stage.hears(C, { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer: C });
  stage.hears(C, { type: "chunk", handle: 1, request: 9, piece: 0, offset: 0, data: { byteLength: 5 } });
  assert.deepEqual(ended(stage).sort(), ["peer-banned", "peer-disconnected"]);
  assert.equal(of(stage.input(offered), "refuse").length, 1, "by that neighbour it comes no more");
  assert.equal(of(stage.input({ type: "offered", peer: C, content }), "accept").length, 1);
});

test("gossip that calls everybody gone ends no connection", () => {
  const stage = new Stage();
  stage.add();
  for (const peer of [A, B, C]) stage.meet(peer);
  stage.hears(A, peers([B, C], []));
  stage.hears(A, peers([], [B, C, peerNo(500)]));
  assert.equal(stage.node.peers(stage.now).length, 3);
  assert.deepEqual(ended(stage), []);
});

test("who gossips too often is banned in the end, and a flood of ids owns a third of what is remembered", () => {
  const stage = new Stage({ targetConnections: 100, maxDials: 100, maxConnections: 12 });
  stage.add();
  stage.want();
  stage.meet(B);
  stage.meet(A);
  let next = 1000;
  const flood = () => Array.from({ length: MAX_EXCHANGED_PEERS }, () => peerNo(next++));
  const dialled = of([...stage.hears(A, peers(flood())), ...stage.hears(A, peers(flood()))], "dial");
  assert.ok(dialled.length <= 2 * 24, `${dialled.length}`);
  for (let i = 0; i < 5; i++) stage.hears(A, peers(flood()));
  const banned = of(stage.effects, "event").flatMap(({ event }) =>
    event.type === "peer-banned" ? [event.peer] : [],
  );
  assert.deepEqual(banned, [A]);
});

test("a flood of introductions is cut off, and only far beyond that held against its sender", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  stage.meet(B);
  let relayed = 0;
  for (let i = 0; i < 390; i++) relayed += sent(stage.hears(A, frame("to", B)), "introduce", B).length;
  assert.equal(relayed, 200);
  assert.deepEqual(ended(stage), []);
  for (let i = 0; i < 50; i++) stage.hears(A, frame("to", B));
  assert.deepEqual(ended(stage).sort(), ["peer-banned", "peer-disconnected"]);
});

test("a new neighbour is told at once who is here, later once a minute what changed, and never whom we banned", () => {
  const stage = new Stage({ maxStrikes: 1 });
  stage.add();
  stage.meet(A);
  stage.wait(6000);
  assert.deepEqual(
    sent(stage.meet(B), "peers", B).map(({ added }) => added.map(({ peer }) => peer)),
    [[A]],
  );
  stage.hears(A, { type: "chunk", handle: 1, request: 9, piece: 0, offset: 0, data: { byteLength: 5 } });
  const keepAlive = () => {
    stage.hears(B, { type: "ping", handle: 0, request: 1 });
    return stage.wait(9000);
  };
  const later = Array.from({ length: 6 }, keepAlive).flat();
  assert.deepEqual(sent(later, "peers"), []);
  assert.deepEqual(
    sent(keepAlive(), "peers").map(({ dropped }) => dropped),
    [[A]],
  );
});

test("what is verified in a moment is told in two have frames, the first at once", () => {
  const stage = new Stage({ haveEveryMs: 50 });
  stage.add();
  stage.want();
  stage.meet(A, { wants: true });
  const from = stage.effects.length;
  stage.meet(B, { have: ALL });
  for (let nth = 0; nth < 10; nth++) {
    const request = sent(stage.effects, "request", B)[nth] ?? assert.fail();
    stage.answers(B, request);
    stage.verifies(request.piece);
    stage.wait(2);
  }
  stage.wait(100);
  const told = sent(stage.effects.slice(from), "have", A).map(({ pieces }) => pieces.length);
  assert.deepEqual(told, [1, 9]);
});
