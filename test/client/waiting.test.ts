import assert from "node:assert/strict";
import { test } from "node:test";
import { abortable } from "#sdk/client/waiting.ts";

test("an abortable promise is the promise, or the signal's reason as soon as it aborts", async () => {
  const { signal } = new AbortController();
  assert.equal(await abortable(Promise.resolve(5), undefined), 5);
  assert.equal(await abortable(Promise.resolve(5), signal), 5);
  await assert.rejects(abortable(Promise.reject(new Error("own")), signal), /own/);
  const abort = new AbortController();
  const waiting = abortable(new Promise(() => undefined), abort.signal);
  const reason = new Error("enough");
  abort.abort(reason);
  await assert.rejects(waiting, reason);
});

test("a promise that has settled leaves no listener on the signal", async (t) => {
  const { signal } = new AbortController();
  const add = t.mock.method(signal, "addEventListener");
  const remove = t.mock.method(signal, "removeEventListener");
  await abortable(Promise.resolve(), signal);
  await abortable(Promise.reject(new Error()), signal).catch(() => undefined);
  await new Promise(setImmediate);
  const listeners = (calls: typeof add.mock.calls) => calls.map((call) => call.arguments[1]);
  assert.deepEqual(listeners(remove.mock.calls), listeners(add.mock.calls));
});
