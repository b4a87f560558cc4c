import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Allowances, addressAllowances, tokenAllowances } from "#signaling/access/allowance.ts";

const second = 1000;
const LIMITS = {
  connections: 2,
  newConnections: { perSecond: 1, burst: 4 },
  messages: { perSecond: 10, burst: 3 },
};
const fresh = (maxIdleKeys?: number) =>
  new Allowances(LIMITS, "too-many-connections-with-token", maxIdleKeys);

test("a key has so many connections at a time, and one more when one has gone", () => {
  const allowances = fresh();
  assert.deepEqual(
    [1, 2, 3].map(() => allowances.enter("a", 0)),
    [undefined, undefined, "too-many-connections-with-token"],
  );
  assert.equal(allowances.enter("b", 0), undefined);
  allowances.exit("a", 0);
  assert.equal(allowances.enter("a", 0), undefined);
});

test("a key that comes and goes is let in at its rate", () => {
  const allowances = fresh();
  const comeAndGo = (now: number) => {
    const refusal = allowances.enter("a", now);
    if (refusal === undefined) allowances.exit("a", now);
    return refusal;
  };
  for (let n = 0; n < 4; n++) assert.equal(comeAndGo(0), undefined);
  assert.equal(comeAndGo(0.9 * second), "connecting-too-fast");
  assert.equal(comeAndGo(1 * second), undefined);
  assert.equal(comeAndGo(1 * second), "connecting-too-fast");
});

test("asking whether one may come in counts nothing", () => {
  const allowances = fresh();
  for (let n = 0; n < 100; n++) assert.equal(allowances.refusal("a", 0), undefined);
  assert.equal(allowances.keys, 0);
});

test("messages are shared by all connections of a key, and survive one that leaves", () => {
  const allowances = fresh();
  allowances.enter("a", 0);
  allowances.enter("a", 0);
  assert.deepEqual([allowances.message("a", 0), allowances.message("a", 0)], [true, true]);
  allowances.exit("a", 0);
  assert.deepEqual([allowances.message("a", 0), allowances.message("a", 0)], [true, false]);
  assert.equal(allowances.message("a", 0.1 * second), true);
});

test("who leaves with empty buckets and comes back finds them as it left them", () => {
  const allowances = fresh();
  allowances.enter("a", 0);
  for (let n = 0; n < 3; n++) allowances.message("a", 0);
  allowances.exit("a", 0);
  allowances.enter("a", 0);
  assert.equal(allowances.message("a", 0), false);
});

test("a key is forgotten when its buckets are full again, and not before", () => {
  const allowances = fresh();
  allowances.enter("a", 0);
  allowances.exit("a", 0);
  assert.equal(allowances.keys, 1);
  allowances.sweep(0.9 * second);
  assert.equal(allowances.keys, 1);
  allowances.sweep(1 * second);
  assert.equal(allowances.keys, 0);
  allowances.enter("a", 2 * second);
  allowances.exit("a", 9 * second);
  assert.equal(allowances.keys, 0);
});

test("of very many keys without a connection only the latest are remembered", () => {
  const allowances = fresh(10);
  for (let n = 0; n < 1000; n++) {
    allowances.enter(`key ${n}`, 0);
    allowances.exit(`key ${n}`, 0);
  }
  assert.equal(allowances.keys, 10);
  const entriesLeft = (key: string) => {
    for (let n = 0; ; n++) {
      if (allowances.enter(key, 0) !== undefined) return n;
      allowances.exit(key, 0);
    }
  };
  assert.deepEqual([entriesLeft("key 0"), entriesLeft("key 999")], [4, 3]);
});

test("giving back too much, or for a key that is not there, changes nothing", () => {
  const allowances = fresh();
  allowances.exit("a", 0);
  allowances.enter("a", 0);
  allowances.exit("a", 0);
  allowances.exit("a", 0);
  allowances.enter("a", 0);
  allowances.enter("a", 0);
  assert.equal(allowances.refusal("a", 0), "too-many-connections-with-token");
});

test("an address and a token holder have the numbers of their options", () => {
  const options = {
    maxConnectionsPerAddress: 1,
    maxConnectionsPerToken: 2,
    addressConnectRate: 1,
    addressConnectBurst: 9,
    addressMessageRate: 1,
    addressMessageBurst: 1,
  };
  const address = addressAllowances(options);
  address.enter("a", 0);
  assert.equal(address.enter("a", 0), "too-many-connections-from-address");
  const token = tokenAllowances(options);
  token.enter("a", 0);
  token.enter("a", 0);
  assert.equal(token.enter("a", 0), "too-many-connections-with-token");
  assert.deepEqual([token.message("a", 0), token.message("a", 0)], [true, false]);
});

test("whatever comes and goes, no key has more connections than its limit, nor more entries than its bucket", () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    type: fc.constantFrom("enter", "exit", "sweep"),
    afterMs: fc.nat(700),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const allowances = fresh();
      const open = new Map<string, number>();
      const entries = new Map<string, number>();
      let now = 0;
      for (const { key, type, afterMs } of steps) {
        now += afterMs;
        const count = open.get(key) ?? 0;
        if (type === "sweep") allowances.sweep(now);
        else if (type === "exit") {
          allowances.exit(key, now);
          open.set(key, Math.max(0, count - 1));
        } else if (allowances.enter(key, now) === undefined) {
          open.set(key, count + 1);
          entries.set(key, (entries.get(key) ?? 0) + 1);
        }
        assert.ok((open.get(key) ?? 0) <= LIMITS.connections);
        assert.ok((entries.get(key) ?? 0) <= LIMITS.newConnections.burst + now / second + 1e-6);
      }
      allowances.sweep(now + 60 * second);
      assert.equal(allowances.keys, [...open.values()].filter((count) => count > 0).length);
    }),
  );
});
