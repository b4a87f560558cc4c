import assert from "node:assert/strict";
import { test } from "node:test";
import { abortable, sleep, within } from "#sdk/client/waiting.ts";

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

test("what waits for a promise within some time waits no longer than either", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const settles = async (waiting: Promise<void>) => {
    let settled = false;
    waiting.finally(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    return settled;
  };
  assert.ok(await settles(within(1000, Promise.resolve())));
  const late = within(1000, new Promise(() => undefined));
  t.mock.timers.tick(999);
  assert.ok(!(await settles(late)));
  t.mock.timers.tick(1);
  assert.ok(await settles(late));
});

test("a promise that fails in time fails, and one that settled leaves no timer behind", async (t) => {
  const clear = t.mock.method(globalThis, "clearTimeout");
  await assert.rejects(within(60_000, Promise.reject(new Error("own"))), /own/);
  await within(60_000, Promise.resolve(5));
  assert.equal(clear.mock.callCount(), 2);
  assert.ok(clear.mock.calls.every((call) => call.arguments[0] !== undefined));
});

test("a sleep of no time, or of less than none, takes no timer", async (t) => {
  const set = t.mock.method(globalThis, "setTimeout");
  await sleep(0);
  await sleep(-5);
  await sleep(Number.NEGATIVE_INFINITY);
  assert.equal(set.mock.callCount(), 0);
  await sleep(1);
  assert.equal(set.mock.callCount(), 1);
});
