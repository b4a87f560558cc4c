import assert from "node:assert/strict";
import { test } from "node:test";
import { type Condition, liveness, readiness } from "#signaling/operation/health.ts";

const WELL: Condition = { phase: "serving", connections: 5, maxConnections: 10, backplane: "none" };
const told = (changed: Partial<Condition>) => {
  const { status, body } = readiness({ ...WELL, ...changed });
  return [status, body.status];
};

test("a server that serves is ready, with its backplane or without one", () => {
  assert.deepEqual(told({}), [200, "ready"]);
  assert.deepEqual(told({ backplane: "up" }), [200, "ready"]);
});

test("before it listens and once it stops, nobody is to be sent to it", () => {
  assert.deepEqual(told({ phase: "starting" }), [503, "starting"]);
  assert.deepEqual(told({ phase: "draining" }), [503, "draining"]);
});

test("a full server says so, and takes clients again as soon as one has gone", () => {
  assert.deepEqual(told({ connections: 10 }), [503, "full"]);
  assert.deepEqual(told({ connections: 9 }), [200, "ready"]);
});

test("without its backplane a server is degraded, and still ready", () => {
  assert.deepEqual(told({ backplane: "down" }), [200, "degraded"]);
  assert.deepEqual(told({ backplane: "down", connections: 10 }), [503, "full"]);
});

test("a process that answers is alive", () => {
  assert.deepEqual(liveness({ connections: 3 }), { status: 200, body: { status: "ok", connections: 3 } });
});
