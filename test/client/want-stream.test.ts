import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { CONTENT, PIECE_BYTES, settled } from "./support/sample.ts";

import { all, BYTES, FIRST, stage } from "./support/want-stage.ts";

test("what is delivered goes out in order, cut to the range, and is told as consumed", async () => {
  const [start, end] = [100, 3 * PIECE_BYTES - 5];
  const { stream, inputs, delivered, registered, deliver } = stage({ start, end });
  const patience = { firstByteMs: 0, minBytesPerSecond: 1 };
  const want = { want: 1, content: CONTENT, resource: 1, start, end, patience, playing: false };
  assert.deepEqual(inputs.splice(0), [{ type: "wanted", want }]);
  assert.equal(registered.get(1), stream);
  for (const piece of [0, 1, 2]) deliver(piece);
  await stream.started;
  assert.deepEqual(await all(stream), BYTES.slice(start, end));
  assert.deepEqual(delivered, [PIECE_BYTES - 100, PIECE_BYTES, PIECE_BYTES - 5]);
  assert.deepEqual(inputs, [
    { type: "consumed", want: 1, position: PIECE_BYTES },
    { type: "consumed", want: 1, position: 2 * PIECE_BYTES },
    { type: "consumed", want: 1, position: end },
    { type: "want-cancelled", want: 1 },
  ]);
  assert.equal(registered.size, 0);
});

test("the end comes with the last bytes, before anybody asks for more", async () => {
  const { stream, types, deliver } = stage({ end: 10 });
  const reader = stream.body.getReader();
  const reading = reader.read();
  await settled();
  deliver(0);
  assert.deepEqual((await reading).value, BYTES.slice(0, 10));
  await settled();
  assert.ok(types().includes("want-cancelled"));
  assert.ok((await reader.read()).done);
  await reader.closed;
});

test("media that is being played is wanted as such", () => {
  for (const playing of [true, false]) {
    const [wanted] = stage({ playing }).inputs;
    assert.equal(wanted?.type === "wanted" && wanted.want.playing, playing);
  }
});

test("it is told once that the last byte went out, and never of a stream that was left", async () => {
  const { stream, finished, deliver } = stage({ end: 2 * PIECE_BYTES });
  deliver(0);
  const reader = stream.body.getReader();
  await reader.read();
  assert.deepEqual(finished, []);
  deliver(1);
  await reader.read();
  await reader.read();
  assert.deepEqual(finished, [stream]);
  const left = stage();
  left.deliver(0);
  await left.stream.body.cancel();
  assert.deepEqual(left.finished, []);
});

test("nothing is read from the store before the page asks, and then one piece at a time", async () => {
  const { stream, reads, deliver } = stage();
  for (const piece of [0, 1, 2, 3]) deliver(piece);
  await settled();
  assert.deepEqual(reads, []);
  const reader = stream.body.getReader();
  await reader.read();
  await settled();
  assert.deepEqual(reads, [0]);
  await reader.read();
  await settled();
  assert.deepEqual(reads, [0, 1]);
});

test("bytes may come in several parts, and all of them go out in order", async () => {
  const { stream, deliver } = stage({ end: PIECE_BYTES, cuts: [7, 1000] });
  deliver(0);
  const reader = stream.body.getReader();
  assert.deepEqual((await reader.read()).value, BYTES.slice(0, 7));
  assert.deepEqual((await reader.read()).value, BYTES.slice(7, 1000));
  assert.deepEqual((await reader.read()).value, BYTES.slice(1000, PIECE_BYTES));
  assert.ok((await reader.read()).done);
});

test("other tasks get their turn while a long file that lies ready is read", async () => {
  const { stream, deliver } = stage({ long: true });
  for (let piece = 0; piece < 64; piece++) deliver(piece);
  let longest = 0;
  let inOneTask = 0;
  const turns = new MessageChannel();
  turns.port1.onmessage = () => {
    inOneTask = 0;
    turns.port2.postMessage(0);
  };
  turns.port2.postMessage(0);
  const reader = stream.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    inOneTask += part.value.byteLength;
    longest = Math.max(longest, inOneTask);
  }
  turns.port1.close();
  assert.ok(longest <= 2 * MIB, `${longest} bytes went out in one task`);
});

test("a piece that the store lost is asked for anew, from where the page is", async () => {
  let lost = true;
  const one = stage({
    read: async (piece) => {
      if (piece === FIRST + 1 && lost) return undefined;
      const at = (piece - FIRST) * PIECE_BYTES;
      return BYTES.subarray(at, at + PIECE_BYTES);
    },
  });
  const { stream, inputs, registered, deliver } = one;
  for (const piece of [0, 1, 2]) deliver(piece);
  const reader = stream.body.getReader();
  await reader.read();
  inputs.length = 0;
  const reading = reader.read();
  await settled();
  const [told, cancelled, asked] = inputs;
  assert.deepEqual(told, { type: "lost", content: CONTENT, piece: FIRST + 1 });
  assert.deepEqual(cancelled, { type: "want-cancelled", want: 1 });
  assert.ok(asked?.type === "wanted");
  const { want, start, end } = asked.want;
  assert.deepEqual({ want, start, end }, { want: 2, start: PIECE_BYTES, end: BYTES.length });
  assert.deepEqual([...registered.keys()], [2]);
  lost = false;
  for (const piece of [1, 2, 3]) deliver(piece);
  assert.deepEqual((await reading).value, BYTES.slice(PIECE_BYTES, 2 * PIECE_BYTES));
  await reader.read();
  assert.deepEqual((await reader.read()).value, BYTES.slice(3 * PIECE_BYTES));
  assert.ok((await reader.read()).done);
});

test("a delivery that does not follow on is dropped", async () => {
  const { stream, deliver } = stage({ end: 2 * PIECE_BYTES });
  deliver(1);
  deliver(0);
  deliver(0);
  deliver(1);
  assert.deepEqual(await all(stream), BYTES.slice(0, 2 * PIECE_BYTES));
});

test("an empty range starts at once, asks nobody and ends", async () => {
  const { stream, inputs } = stage({ start: 5, end: 5 });
  await stream.started;
  assert.equal((await all(stream)).length, 0);
  assert.deepEqual(inputs, []);
});
