import assert from "node:assert/strict";
import { test } from "node:test";
import { type Locks, standForLeader } from "#sdk/client/tabs/leadership.ts";
import { settled } from "../support/sample.ts";
import { FakeLocks } from "./support/fake-locks.ts";

/** Tabs that stand for election one after the other. */
function election(locks: Locks | undefined) {
  const led: string[] = [];
  return {
    led,
    stand: (name: string, of = "site") => standForLeader({ name: of, locks, onLead: () => led.push(name) }),
  };
}

test("the first tab leads at once, and the next when it stands down", async () => {
  const { led, stand } = election(new FakeLocks());
  const standDown = stand("first");
  stand("second");
  stand("third");
  await settled();
  assert.deepEqual(led, ["first"]);
  standDown();
  await settled();
  assert.deepEqual(led, ["first", "second"]);
});

test("each manifest has a leader of its own", async () => {
  const { led, stand } = election(new FakeLocks());
  stand("one", "a");
  stand("other", "b");
  await settled();
  assert.deepEqual(led, ["one", "other"]);
});

test("a tab that stood down before its turn is passed over", async () => {
  const { led, stand } = election(new FakeLocks());
  const standDown = stand("first");
  const second = stand("second");
  stand("third");
  await settled();
  second();
  standDown();
  await settled();
  assert.deepEqual(led, ["first", "third"]);
});

test("a tab that stood down as its turn came does not lead, and does not keep the others from it", async () => {
  let turn = async (): Promise<void> => undefined;
  const locks: Locks = {
    request: (_name, _options, held) => {
      turn = held;
      return new Promise(() => undefined);
    },
  };
  const { led, stand } = election(locks);
  stand("late")();
  await turn();
  assert.deepEqual(led, []);
});

test("without locks each tab leads", async () => {
  const { led, stand } = election(undefined);
  stand("one");
  stand("other");
  await settled();
  assert.deepEqual(led, ["one", "other"]);
});

test("where locks are forbidden each tab leads, unless it stood down before that was known", async () => {
  const forbidden: Locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const { led, stand } = election(forbidden);
  stand("one");
  stand("other")();
  await settled();
  assert.deepEqual(led, ["one"]);
});
