import assert from "node:assert/strict";
import { test } from "node:test";
import { KIB } from "#sdk/base/bytes.ts";
import { Outbox } from "#sdk/client/outbox.ts";
import { decodeFrame, type Frame } from "#sdk/protocol/frame.ts";

/** A link that takes so many frames before it says that it is full. */
function stage(room: number) {
  const link = { room, sent: [] as number[], bufferedBytes: 0 };
  const outbox = new Outbox({
    get bufferedBytes() {
      return link.bufferedBytes;
    },
    send: (bytes) => {
      const frame = decodeFrame(bytes.slice());
      link.sent.push(frame.request);
      if (frame.type === "chunk")
        assert.ok(frame.data instanceof Uint8Array && frame.data[0] === frame.request);
      return --link.room > 0;
    },
  });
  const drain = (room: number): boolean => {
    link.room = room;
    return outbox.drained();
  };
  return { outbox, link, drain };
}

function chunk(request: number): Frame {
  const data = new Uint8Array(64 * KIB).fill(request);
  return { type: "chunk", handle: 1, request, piece: 0, offset: 0, data };
}

const PONG: Frame = { type: "pong", handle: 0, request: 99 };

test("what a full link does not take waits, in order, each frame's bytes its own", () => {
  const { outbox, link, drain } = stage(2);
  for (let request = 1; request <= 4; request++) outbox.send(chunk(request));
  assert.deepEqual(link.sent, [1, 2]);
  drain(1);
  assert.deepEqual(link.sent, [1, 2, 3], "No more than the link takes.");
  drain(9);
  assert.deepEqual(link.sent, [1, 2, 3, 4]);
});

test("words go before the chunks that wait, in the order in which they were said", () => {
  const { outbox, link, drain } = stage(1);
  for (let request = 1; request <= 3; request++) outbox.send(chunk(request));
  for (const request of [97, 98, 99]) outbox.send({ ...PONG, request });
  outbox.send(chunk(4));
  outbox.send({ ...PONG, request: 100 });
  drain(9);
  assert.deepEqual(link.sent, [1, 97, 98, 99, 100, 2, 3, 4]);
});

for (const type of ["choke", "close"] as const)
  test(`a ${type} stays behind the chunks that were sent before it, and nothing said later overtakes it`, () => {
    const { outbox, link, drain } = stage(1);
    for (let request = 1; request <= 3; request++) outbox.send(chunk(request));
    outbox.send({ type, handle: type === "close" ? 1 : 0, request: 77 });
    outbox.send(PONG);
    outbox.send(chunk(4));
    drain(9);
    assert.deepEqual(link.sent, [1, 2, 3, 77, 99, 4]);
  });

test("the engine is held back over 192 KiB that wait, and goes on at half of that", () => {
  const { outbox, drain } = stage(1);
  const answers = [1, 2, 3, 4, 5, 6].map((request) => outbox.send(chunk(request)));
  assert.deepEqual(answers, [true, true, true, true, false, false]);
  assert.deepEqual([drain(1), drain(1), drain(1), drain(1)], [false, false, false, true]);
});

test("what waits counts as queued, with what the link holds", () => {
  const { outbox, link } = stage(1);
  for (let request = 1; request <= 3; request++) outbox.send(chunk(request));
  link.bufferedBytes = 1000;
  assert.equal(outbox.queuedBytes, 2 * 64 * KIB + 1000);
});

test("a goodbye goes at once, full link or not: what waits is of no use any more", () => {
  const { outbox, link } = stage(1);
  for (let request = 1; request <= 3; request++) outbox.send(chunk(request));
  outbox.send({ type: "bye", handle: 0, request: 7, reason: "leaving" });
  assert.deepEqual(link.sent, [1, 7]);
});

test("more than 4,096 frames of any kind that wait are too many, however small, and none once they have left", () => {
  const { outbox, drain } = stage(1);
  const small: Frame = { type: "chunk", handle: 1, request: 1, piece: 0, offset: 0, data: Uint8Array.of(1) };
  outbox.send(PONG);
  for (let sent = 0; sent < 2048; sent++)
    assert.ok(outbox.send(PONG) && outbox.send(small) && !outbox.overfull, "The engine need not hold back.");
  assert.equal(outbox.send(PONG), false);
  assert.ok(outbox.overfull);
  drain(9000);
  assert.ok(!outbox.overfull && outbox.queuedBytes === 0);
});

test("a word costs no look at the chunks that wait: their bytes are counted as they come and go", () => {
  const { outbox, drain } = stage(1);
  let read = 0;
  const bytes = new Uint8Array(64 * KIB).fill(1);
  const counted: Frame = {
    ...chunk(1),
    get data() {
      read++;
      return bytes;
    },
  } as Frame;
  outbox.send(PONG);
  outbox.send(counted);
  const readOnce = read;
  for (let sent = 0; sent < 100; sent++) outbox.send(PONG);
  assert.equal(outbox.queuedBytes, 64 * KIB);
  assert.equal(read, readOnce, "A word costs no look at what waits.");
  drain(200);
  assert.equal(outbox.queuedBytes, 0);
});
