import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { parseDialId } from "#sdk/base/ids.ts";
import { CHUNK_BYTES } from "#sdk/content/limits.ts";
import { encodeFrame, type Frame } from "#sdk/protocol/frame.ts";
import { FIRST_DIAL, OFFER, PEER, PING, stage } from "./support/links-stage.ts";
import { CONTENT, dialId, peerId } from "./support/sample.ts";

test("a dial makes an initiator whose signals the engine sends on their way", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  const link = nth(0);
  assert.ok(link.initiator && link.peer === PEER);
  link.events.onSignal(link, OFFER);
  assert.deepEqual(inputs.splice(0), [
    { type: "signal", peer: PEER, content: CONTENT, dial: FIRST_DIAL, signal: OFFER },
  ]);
  link.events.onOpen(link);
  link.events.onFrame(link, encodeFrame(PING));
  link.events.onWritable(link);
  link.events.onClose(link, undefined);
  assert.deepEqual(inputs, [
    { type: "connected", peer: PEER },
    { type: "frame", peer: PEER, frame: PING },
    { type: "writable", peer: PEER, queuedBytes: 0 },
    { type: "disconnected", peer: PEER },
  ]);
});

test("the answer to a dial reaches its connection, and what belongs to an older dial reaches none", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  const dial = FIRST_DIAL;
  const answer = { type: "answer", sdp: "y" };
  links.introduced({ from: PEER, content: CONTENT, dial, signal: answer });
  links.introduced({ from: PEER, content: CONTENT, dial: dialId("9"), signal: answer });
  links.introduced({ from: PEER, content: CONTENT, dial: dialId("9"), signal: { candidate: "z" } });
  links.introduced({ from: peerId("d"), content: CONTENT, dial, signal: answer });
  assert.deepEqual(nth(0).signals, [answer]);
  assert.deepEqual(inputs, []);
});

test("an offer is put to the engine, and taken or refused as it says", () => {
  const { links, inputs, connections, nth } = stage();
  const dial = dialId("5");
  const offer = { from: PEER, content: CONTENT, dial, signal: OFFER };
  links.introduced(offer);
  assert.deepEqual(inputs.splice(0), [{ type: "offered", peer: PEER, content: CONTENT, dial }]);
  links.refuse(PEER);
  assert.deepEqual(inputs.splice(0), [
    { type: "signal", peer: PEER, content: CONTENT, dial, signal: { type: "refuse" } },
  ]);
  links.accept(PEER);
  assert.equal(connections.length, 0, "A refused offer is gone.");
  links.introduced(offer);
  links.accept(PEER);
  assert.ok(!nth(0).initiator);
  assert.deepEqual(nth(0).signals, [OFFER]);
  const answer = { type: "answer", sdp: "y" };
  inputs.length = 0;
  nth(0).events.onSignal(nth(0), answer);
  assert.deepEqual(inputs, [{ type: "signal", peer: PEER, content: CONTENT, dial, signal: answer }]);
  links.accept(PEER);
  assert.equal(connections.length, 1, "An offer is taken once.");
});

test("of two offers by one peer the last is taken", () => {
  const { links, nth } = stage();
  links.introduced({ from: PEER, content: CONTENT, dial: dialId("5"), signal: OFFER });
  links.introduced({ from: PEER, content: CONTENT, dial: dialId("6"), signal: { ...OFFER, sdp: "second" } });
  links.accept(PEER);
  assert.deepEqual(nth(0).signals, [{ type: "offer", sdp: "second" }]);
});

test("when both dial each other, the own dial gives way to the offer that is taken, silently", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  links.introduced({ from: PEER, content: CONTENT, dial: dialId("5"), signal: OFFER });
  links.accept(PEER);
  const [own, theirs] = [nth(0), nth(1)];
  assert.ok(own.closed && !theirs.closed);
  inputs.length = 0;
  // What the dropped one still says counts for nothing.
  own.events.onOpen(own);
  own.events.onFrame(own, encodeFrame(PING));
  own.events.onWritable(own);
  own.events.onClose(own, new RivuletError("connection-failed", "late"));
  assert.deepEqual(inputs, []);
  theirs.events.onOpen(theirs);
  assert.deepEqual(inputs, [{ type: "connected", peer: PEER }]);
  links.send(PEER, PING);
  assert.deepEqual([own.sent, theirs.sent], [[], [PING]]);
});

test("a dial whose peer the tracker does not know has failed; an older one is no longer of interest", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  links.unknown(PEER, dialId("9"));
  links.unknown(peerId("d"), dialId("9"));
  assert.ok(!nth(0).closed);
  links.unknown(PEER, FIRST_DIAL);
  assert.ok(nth(0).closed);
  assert.deepEqual(inputs, [{ type: "disconnected", peer: PEER }]);
});

test("a dial that is refused has failed at once, and a connection that is open cannot be refused any more", () => {
  const { links, inputs, nth } = stage();
  const refusal = { from: PEER, content: CONTENT, dial: FIRST_DIAL, signal: { type: "refuse" } };
  links.dial(PEER, CONTENT);
  links.introduced({ ...refusal, dial: dialId("9") });
  assert.ok(!nth(0).closed);
  links.introduced(refusal);
  assert.ok(nth(0).closed);
  assert.deepEqual(inputs.splice(0), [{ type: "disconnected", peer: PEER }]);
  links.dial(PEER, CONTENT);
  nth(1).events.onOpen(nth(1));
  links.introduced({ ...refusal, dial: dialId("2") });
  links.introduced({ ...refusal, dial: parseDialId("02".repeat(8)) });
  assert.ok(!nth(1).closed);
});

test("a frame that cannot be read is malformed, with the decoder's code", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  const malformed = [new Uint8Array(), new Uint8Array(20).fill(0xff), encodeFrame(PING).slice(0, -1)];
  for (const frame of malformed) nth(0).events.onFrame(nth(0), frame);
  assert.equal(inputs.length, malformed.length);
  for (const input of inputs) {
    assert.ok(input.type === "malformed" && input.peer === PEER && input.error.code.startsWith("frame-"));
  }
});

test("a peer for whom much waits is congested until it has come, and who is not connected is sent nothing", () => {
  const { links, inputs, nth } = stage();
  links.send(PEER, PING);
  links.hangUp(PEER);
  assert.deepEqual(inputs, []);
  links.dial(PEER, CONTENT);
  links.send(PEER, PING);
  nth(0).full = true;
  const [first, ...waiting] = [1, 2, 3, 4, 5].map(chunk);
  assert.ok(first);
  for (const frame of [first, ...waiting]) links.send(PEER, frame);
  assert.deepEqual(nth(0).sent, [PING, first]);
  const queuedBytes = 4 * CHUNK_BYTES;
  assert.deepEqual(inputs.splice(0), [{ type: "congested", peer: PEER, queuedBytes }]);
  nth(0).full = false;
  nth(0).events.onWritable(nth(0));
  assert.deepEqual(nth(0).sent, [PING, first, ...waiting]);
  assert.deepEqual(inputs, [{ type: "writable", peer: PEER, queuedBytes: 0 }]);
});

function chunk(request: number): Frame {
  return { type: "chunk", handle: 1, request, piece: 0, offset: 0, data: new Uint8Array(CHUNK_BYTES) };
}

test("hanging up closes the link and is no event", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  links.hangUp(PEER);
  assert.ok(nth(0).closed);
  links.send(PEER, PING);
  assert.deepEqual(nth(0).sent, []);
  assert.deepEqual(inputs, []);
});

test("who leaves says goodbye to everybody first", () => {
  const { links, inputs, connections } = stage();
  links.dial(PEER, CONTENT);
  links.dial(peerId("d"), CONTENT);
  links.leave();
  links.leave();
  for (const connection of connections) {
    assert.deepEqual(connection.sent, [{ type: "bye", handle: 0, request: 0, reason: "leaving" }]);
    assert.ok(connection.closed);
  }
  assert.deepEqual(inputs, [
    { type: "disconnected", peer: PEER },
    { type: "disconnected", peer: peerId("d") },
  ]);
});

test("the content bytes that a peer sends are told, so that the line can be measured", () => {
  const { links, chunks, nth } = stage();
  links.dial(PEER, CONTENT);
  const chunk = {
    type: "chunk",
    handle: 1,
    request: 1,
    piece: 0,
    offset: 0,
    data: new Uint8Array(500),
  } as const;
  for (const frame of [PING, chunk, chunk]) nth(0).events.onFrame(nth(0), encodeFrame(frame));
  assert.deepEqual(chunks, [500, 500]);
});
