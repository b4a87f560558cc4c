import assert from "node:assert/strict";
import { test } from "node:test";
import { Door, type DoorOptions } from "#signaling/access/door.ts";

const OPTIONS: DoorOptions = {
  allowOrigins: [],
  trustProxy: [],
  regionHeader: undefined,
  maxConnections: 100,
  maxConnectionsPerAddress: 100,
  maxConnectionsPerToken: 100,
  addressConnectRate: 1,
  addressConnectBurst: 100,
  addressMessageRate: 1,
  addressMessageBurst: 2,
};
const NOW = 0;
const arrival = (change: { origin?: string; address?: string } = {}) => ({
  origin: undefined,
  address: "192.0.2.1",
  group: "192.0.0.0/16",
  ...change,
});

test("without an allow-list any origin comes in, and so does none", () => {
  const door = new Door(OPTIONS);
  assert.equal(door.refusal(arrival(), NOW), undefined);
  assert.equal(door.refusal(arrival({ origin: "https://anywhere.example" }), NOW), undefined);
});

test("with an allow-list only its origins come in: no other, none, and no look-alike", () => {
  const door = new Door({ ...OPTIONS, allowOrigins: ["https://www.example"] });
  assert.equal(door.refusal(arrival({ origin: "https://www.example" }), NOW), undefined);
  for (const origin of [
    "https://www.example.evil",
    "http://www.example",
    "https://WWW.example",
    "null",
    "",
  ]) {
    const refusal = door.refusal(arrival({ origin }), NOW);
    assert.deepEqual(refusal, { status: 403, code: "origin-not-allowed" }, origin);
  }
  assert.equal(door.refusal(arrival(), NOW)?.status, 403);
});

test("a server with all its connections, or all that an address may have, says so", () => {
  const door = new Door({ ...OPTIONS, maxConnections: 2, maxConnectionsPerAddress: 1 });
  door.enter("192.0.2.1", NOW);
  assert.deepEqual(door.refusal(arrival(), NOW), {
    status: 429,
    code: "too-many-connections-from-address",
  });
  door.enter("192.0.2.2", NOW);
  assert.deepEqual(door.refusal(arrival({ address: "192.0.2.3" }), NOW), {
    status: 503,
    code: "too-many-connections",
  });
  door.exit("192.0.2.1", NOW);
  assert.equal(door.refusal(arrival(), NOW), undefined);
  assert.equal(door.connections, 1);
});

test("an address that connects too fast is told so, and comes in again at its rate", () => {
  const door = new Door({ ...OPTIONS, addressConnectRate: 1, addressConnectBurst: 2 });
  for (let n = 0; n < 2; n++) {
    door.enter("192.0.2.1", NOW);
    door.exit("192.0.2.1", NOW);
  }
  assert.deepEqual(door.refusal(arrival(), NOW), { status: 429, code: "connecting-too-fast" });
  assert.equal(door.refusal(arrival({ address: "192.0.2.2" }), NOW), undefined);
  assert.equal(door.refusal(arrival(), NOW + 1000), undefined);
});

test("the connections of one address share its messages, and nobody else's", () => {
  const door = new Door(OPTIONS);
  door.enter("192.0.2.1", NOW);
  door.enter("192.0.2.1", NOW);
  door.enter("192.0.2.2", NOW);
  const heard = [1, 2, 3].map(() => door.message("192.0.2.1", NOW));
  assert.deepEqual(heard, [true, true, false]);
  assert.equal(door.message("192.0.2.2", NOW), true);
});

test("a stopping server lets nobody in", () => {
  const door = new Door(OPTIONS);
  door.drain();
  assert.deepEqual(door.refusal(arrival(), NOW), { status: 503, code: "draining" });
});

test("a forwarded address counts only from a proxy that the operator trusts", () => {
  const headers = { "x-forwarded-for": "203.0.113.9, 198.51.100.4" };
  assert.equal(new Door(OPTIONS).arrivalOf("192.0.2.1", headers).address, "192.0.2.1");
  const trusting = new Door({ ...OPTIONS, trustProxy: ["192.0.2.0/24"] });
  assert.equal(trusting.arrivalOf("192.0.2.1", headers).address, "198.51.100.4");
  assert.equal(trusting.arrivalOf("192.0.3.1", headers).address, "192.0.3.1");
  assert.equal(trusting.arrivalOf(undefined, {}).address, "");
});

test("callers are grouped by network, or by a trusted proxy's region header when it is a name", () => {
  const door = new Door({ ...OPTIONS, trustProxy: ["loopback"], regionHeader: "X-Region" });
  const group = (remote: string, region?: string) =>
    door.arrivalOf(remote, { "x-forwarded-for": "198.51.100.4", ...(region && { "x-region": region }) })
      .group;
  assert.equal(group("127.0.0.1", " eu-west "), "eu-west");
  assert.equal(group("192.0.2.1", "eu-west"), "192.0.0.0/16");
  for (const useless of [undefined, "  ", "x".repeat(65)]) {
    assert.equal(group("127.0.0.1", useless), "198.51.0.0/16", useless);
  }
  assert.equal(group("127.0.0.1", "x".repeat(64)), "x".repeat(64));
});
