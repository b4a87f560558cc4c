import assert from "node:assert/strict";
import { test } from "node:test";
import type { RivuletError } from "#sdk/base/errors.ts";
import type { PeerId } from "#sdk/base/ids.ts";
import type { Effect } from "#sdk/engine/io.ts";
import type { RequestFrame } from "#sdk/protocol/frames/request.ts";
import { PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const header = { handle: 0, request: 0 };

function byes(effects: Parameters<typeof sent>[0]): string[] {
  return sent(effects, "bye").map(({ reason }) => reason);
}

/** Asks for the first chunk of a piece. */
function ask(request: number, piece: number): RequestFrame {
  return { type: "request", handle: 1, request, piece, offset: 0, length: CHUNK };
}

test("a new connection is greeted, and told of every content, what we have of it and what we want", () => {
  const stage = new Stage();
  stage.add(CONTENT, [0, 9]);
  stage.want();
  const told = stage.meet(A);
  const [hello] = sent(told, "hello");
  assert.equal(hello?.peer, peerNo(500));
  const [open] = sent(told, "open");
  assert.deepEqual([...(open?.bits ?? [])], [0x80, 0x40, 0]);
  const run = { first: 0, count: 20 };
  const [interested] = sent(told, "interested");
  assert.deepEqual([interested?.now, interested?.runs], [1, [run, run]]);
});

test("a peer hears how far our window reaches, and again when it reaches further", () => {
  const stage = new Stage({ windowBytes: 16 * CHUNK });
  stage.add(CONTENT, [0]);
  stage.want();
  const runs = (effects: Effect[]) => sent(effects, "interested")[0]?.runs.map(({ count }) => count);
  assert.deepEqual(runs(stage.meet(A)), [16, 20]);
  assert.deepEqual(runs(stage.input({ type: "consumed", want: 1, position: CHUNK })), [20, 20]);
});

test("who speaks before its hello, says it twice, or gives another's name is hung up on", () => {
  for (const frames of [
    [{ type: "unchoke", ...header }],
    [
      { type: "hello", ...header, version: PROTOCOL_VERSION, peer: A },
      { type: "hello", ...header, version: PROTOCOL_VERSION, peer: A },
    ],
    [{ type: "hello", ...header, version: PROTOCOL_VERSION, peer: B }],
  ] as const) {
    const stage = new Stage();
    stage.add();
    stage.input({ type: "offered", peer: A, content: CONTENT.content });
    stage.input({ type: "connected", peer: A });
    const effects = frames.flatMap((frame) => stage.hears(A, frame));
    assert.deepEqual(byes(effects), ["violation"]);
    assert.equal(of(effects, "hang-up").length, 1);
  }
});

test("a version we do not speak is a reason of its own", () => {
  const stage = new Stage();
  stage.add();
  stage.input({ type: "connected", peer: A });
  assert.deepEqual(
    byes(stage.hears(A, { type: "hello", ...header, version: PROTOCOL_VERSION + 1, peer: A })),
    ["version"],
  );
});

test("a peer may open a content once, count its pieces rightly, and open only so many", () => {
  const open = (handle: number, number: number, pieces = 20) => ({
    ...{ type: "open" as const, handle, request: 0, pieces },
    ...{ content: simContent(number, [1]).content, bits: new Uint8Array(Math.ceil(pieces / 8)) },
  });
  for (const bad of [open(1, 2), open(2, 1), open(3, 3, 20)]) {
    const stage = new Stage({ maxContentsPerPeer: bad.handle === 3 ? 1 : 64 });
    stage.add();
    stage.meet(A);
    assert.deepEqual(byes(stage.hears(A, bad)), ["violation"]);
  }
  const stage = new Stage();
  stage.add(simContent(5, [10 * CHUNK]));
  stage.meet(A);
  assert.deepEqual(byes(stage.hears(A, open(7, 5, 11))), ["violation"]);
});

test("a have beyond the content, or about a handle never opened, ends the connection", () => {
  for (const frame of [
    { type: "have", handle: 1, request: 0, pieces: [20] },
    { type: "have", handle: 9, request: 0, pieces: [1] },
  ] as const) {
    const stage = new Stage();
    stage.add();
    stage.meet(A);
    const effects = stage.hears(A, frame);
    assert.deepEqual(byes(effects), ["violation"]);
    const said = of(effects, "event").map(({ event }) => ("reason" in event ? event.reason : ""));
    assert.match(String(said), /^The peer broke the protocol: (no such piece|unknown handle)\.$/);
  }
});

test("a frame that cannot be read ends the connection, and the peer is not dialled for a while", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  const error = Object.assign(new Error("bad"), { code: "frame-malformed" }) as unknown as RivuletError;
  assert.deepEqual(byes(stage.input({ type: "malformed", peer: A, error })), ["violation"]);
  const candidates = [{ peer: A, complete: true }];
  const learnt = stage.input({
    type: "candidates",
    content: CONTENT.content,
    candidates,
    intervalMs: 60_000,
  });
  assert.equal(of(learnt, "dial").length, 0);
});

test("a silent connection is pinged once, and hung up on when it stays silent", () => {
  const stage = new Stage({ pingAfterMs: 10_000 });
  stage.add();
  stage.meet(A);
  assert.equal(sent(stage.wait(9_999), "ping").length, 0);
  assert.equal(sent(stage.wait(5_000), "ping").length, 1);
  assert.deepEqual(byes(stage.wait(5_002)), ["silent"]);
});

test("a ping is answered in kind, and a pong keeps the connection", () => {
  const stage = new Stage({ pingAfterMs: 10_000 });
  stage.add();
  stage.meet(A);
  assert.deepEqual(sent(stage.hears(A, { type: "ping", handle: 0, request: 77 }), "pong")[0]?.request, 77);
  stage.wait(11_000);
  stage.hears(A, { type: "pong", ...header });
  assert.deepEqual(byes(stage.wait(9_000)), []);
});

test("who connects over the cap is told that we are full", () => {
  const stage = new Stage({ maxConnections: 1 });
  stage.add();
  stage.meet(A);
  assert.deepEqual(byes(stage.input({ type: "connected", peer: B })), ["full"]);
});

test("a request is read and answered under our own handle, in the peer's numbers", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  stage.meet(A, { wants: true });
  const request = ask(5, 3);
  const [read] = of(stage.hears(A, request), "read");
  assert.equal(read?.piece, 3);
  const data = { byteLength: CHUNK };
  const [chunk] = sent(stage.input({ type: "read", read: read?.read ?? 0, data }), "chunk");
  assert.deepEqual([chunk?.request, chunk?.piece, chunk?.offset], [5, 3, 0]);
});

test("what is not had, or asked for while choked, is rejected with its reason", () => {
  const stage = new Stage();
  stage.add(CONTENT, [0]);
  stage.meet(A, { wants: true });
  stage.meet(B);
  assert.equal(sent(stage.hears(A, ask(1, 7)), "reject")[0]?.reason, "not-had");
  assert.equal(sent(stage.hears(B, ask(2, 0)), "reject")[0]?.reason, "choked");
});

test("who was served and wants nothing for now is served at once when it does, unless others took its slot", () => {
  const stage = new Stage({ uploadSlots: 1 });
  stage.add(CONTENT, ALL);
  stage.meet(A);
  const interested = {
    type: "interested",
    handle: 1,
    request: 0,
    now: 0,
    runs: [{ first: 0, count: 5 }],
  } as const;
  assert.equal(sent(stage.hears(A, interested), "unchoke").length, 1);
  assert.equal(sent(stage.hears(A, { ...interested, runs: [] }), "choke").length, 0, "it rests");
  assert.equal(of(stage.hears(A, ask(1, 0)), "read").length, 1);
  stage.meet(B, { wants: true });
  assert.deepEqual(
    [sent(stage.effects, "choke", A).length, sent(stage.effects, "unchoke", B).length],
    [1, 1],
  );
});

test("nothing is read for a channel that is full, until it drains", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  stage.meet(A, { wants: true });
  stage.input({ type: "congested", peer: A });
  const request = ask(5, 3);
  assert.equal(of(stage.hears(A, request), "read").length, 0);
  assert.equal(of(stage.input({ type: "writable", peer: A }), "read").length, 1);
});

test("a free rider is served once no contributor was for a second and a half", () => {
  const waits = (giverTakes: boolean): number => {
    const stage = new Stage({ newcomerBytes: 1, newcomerMs: 0, pingAfterMs: 60_000 });
    stage.add(CONTENT, ALL.slice(0, 10));
    stage.want({ start: 10 * CHUNK }, { firstByteMs: 60_000 });
    stage.meet(A, { have: [15], wants: true });
    // It has what we need, and keeps it.
    stage.meet(B, { have: [16], wants: true, serves: false });
    const [asked] = sent(stage.effects, "request", A);
    if (asked) stage.answers(A, asked);
    const serve = (peer: PeerId, piece: number) => {
      const reads = of(stage.hears(peer, ask(piece, piece)), "read");
      for (const { read } of reads) stage.input({ type: "read", read, data: { byteLength: CHUNK } });
      return reads.length;
    };
    assert.equal(serve(B, 1), 1, "a newcomer has credit");
    stage.wait(12_000);
    if (giverTakes) assert.equal(serve(A, 2), 1);
    let ms = 0;
    for (let served = serve(B, 3); served === 0 && ms < 5000; ms += 50)
      served = of(stage.wait(50), "read").length;
    return ms;
  };
  assert.deepEqual([waits(false), waits(true)], [0, 1500]);
});

test("when uploads are no longer allowed everybody is choked, and what they waited for rejected", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  stage.meet(A, { wants: true });
  const request = ask(5, 3);
  const [read] = of(stage.hears(A, request), "read");
  const effects = stage.input({ type: "upload-allowed", allowed: false });
  assert.equal(sent(effects, "choke").length, 1);
  assert.equal(sent(effects, "reject")[0]?.reason, "choked");
  const late = stage.input({ type: "read", read: read?.read ?? 0, data: { byteLength: CHUNK } });
  assert.equal(sent(late, "chunk").length, 0);
});

test("between the rounds a newcomer takes only a free slot", () => {
  const stage = new Stage({ uploadSlots: 2 });
  stage.add(CONTENT, ALL);
  const unchoked = [1, 2, 3].map((n) => sent(stage.meet(peerNo(n), { wants: true }), "unchoke").length);
  assert.deepEqual(unchoked, [1, 1, 0]);
  assert.equal(sent(stage.input({ type: "disconnected", peer: peerNo(1) }), "unchoke", peerNo(3)).length, 1);
});

test("a content that is removed is left, closed, and nothing of it asked for any more", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: ALL });
  const requests = sent(stage.want(), "request");
  assert.ok(requests.length > 0);
  const effects = stage.input({ type: "content-removed", content: CONTENT.content });
  assert.equal(of(effects, "leave").length, 1);
  assert.equal(sent(effects, "cancel").length, requests.length);
  assert.equal(sent(effects, "close").length, 1);
  assert.equal(sent(stage.answers(A, requests[0] as (typeof requests)[number]), "bye").length, 0);
});

test("news of a piece goes to those who miss it, and to seeders", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { have: ALL });
  stage.meet(B);
  const half = peerNo(3);
  stage.meet(half, { have: ALL.slice(0, -1), serves: false });
  const [request] = sent(stage.want({ end: 19 * CHUNK }), "request", A);
  stage.answers(A, request as NonNullable<typeof request>);
  const effects = stage.verifies(request?.piece ?? 0);
  assert.equal(sent(effects, "have", half).length, 0);
  assert.deepEqual(sent(effects, "have", A)[0]?.pieces, [request?.piece]);
  assert.deepEqual(sent(effects, "have", B)[0]?.pieces, [request?.piece]);
});
