import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { deferred, PIECE_BYTES, settled } from "./support/sample.ts";

import { all, BYTES, stage } from "./support/want-stage.ts";

test("a failure before the first byte rejects the start and the body", async () => {
  const { stream, types, registered } = stage();
  const error = new RivuletError("origin-failed", "It is gone.");
  stream.fail(error);
  stream.fail(new Error("a second one is too late"));
  await assert.rejects(stream.started, error);
  await assert.rejects(stream.body.getReader().read(), error);
  assert.deepEqual(types(), ["wanted", "want-cancelled"]);
  assert.equal(registered.size, 0);
});

test("a failure amid the body errors it, whether the page reads just then or later", async () => {
  const error = new RivuletError("origin-failed", "It is gone.");
  for (const waits of [true, false]) {
    const { stream, deliver } = stage();
    deliver(0);
    await stream.started;
    const reader = stream.body.getReader();
    await reader.read();
    const reading = waits ? reader.read() : undefined;
    await settled();
    stream.fail(error);
    await assert.rejects(reading ?? reader.read(), error);
    await assert.rejects(reader.closed, error);
  }
});

test("a failure while the store reads wins over what it brings", async () => {
  const reading = deferred<Uint8Array>();
  const { stream, delivered, deliver } = stage({ read: () => reading.promise });
  deliver(0);
  const read = stream.body.getReader().read();
  await settled();
  stream.fail(new Error("enough"));
  reading.resolve(BYTES.subarray(0, PIECE_BYTES));
  await assert.rejects(read, /enough/);
  assert.deepEqual(delivered, []);
});

test("a failure without a reason is an abort", async () => {
  const { stream } = stage();
  stream.fail(undefined);
  await assert.rejects(stream.started, { code: "aborted" });
});

test("a body that is cancelled is no longer wanted, also while the page waits or the store reads", async () => {
  const slow = deferred<Uint8Array>();
  const idle = stage();
  const waiting = stage();
  const busy = stage({ read: () => slow.promise });
  busy.deliver(0);
  for (const { stream, types, registered, delivered } of [idle, waiting, busy]) {
    const reader = stream.body.getReader();
    const reading = stream === idle.stream ? undefined : reader.read();
    await settled();
    await reader.cancel();
    if (stream === busy.stream) slow.resolve(BYTES.subarray(0, PIECE_BYTES));
    await settled();
    assert.deepEqual(types(), ["wanted", "want-cancelled"]);
    assert.equal(registered.size, 0);
    assert.deepEqual(delivered, []);
    if (reading) assert.ok((await reading).done);
  }
});

test("after a cancelled body a failure changes nothing", async () => {
  const { stream, types } = stage();
  await stream.body.cancel();
  stream.fail(new Error("late"));
  assert.deepEqual(types(), ["wanted", "want-cancelled"]);
});

test("a signal's reason ends the stream, at once when it had aborted before", async () => {
  const abort = new AbortController();
  const reason = new Error("the visitor left");
  const { stream, types } = stage({ signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(stream.started, reason);
  await assert.rejects(all(stream), reason);
  assert.deepEqual(types(), ["wanted", "want-cancelled"]);
  const late = stage({ signal: abort.signal });
  await assert.rejects(late.stream.started, reason);
  assert.deepEqual(late.inputs, []);
});

test("a stream that has ended leaves no listener on the signal", async (t) => {
  const { signal } = new AbortController();
  const add = t.mock.method(signal, "addEventListener");
  const remove = t.mock.method(signal, "removeEventListener");
  const done = stage({ end: 10, signal });
  done.deliver(0);
  await all(done.stream);
  await stage({ signal }).stream.body.cancel();
  stage({ signal }).stream.fail(new Error());
  assert.equal(add.mock.callCount(), 3);
  assert.deepEqual(
    remove.mock.calls.map((call) => call.arguments[1]),
    add.mock.calls.map((call) => call.arguments[1]),
  );
});
