import assert from "node:assert/strict";
import { test } from "node:test";
import { Door, type DoorOptions } from "#signaling/door.ts";
import { answerHttp, pathOf, rawAnswer } from "#signaling/http-answer.ts";

const OPTIONS: DoorOptions = {
  allowOrigins: [],
  trustForwardedFor: false,
  maxConnections: 100,
  maxConnectionsPerAddress: 100,
};
const caller = (change: { path?: string; origin?: string; address?: string } = {}) => ({
  path: "/",
  origin: undefined,
  address: "192.0.2.1",
  ...change,
});

test("without an allow-list any origin comes in, and so does none", () => {
  const door = new Door(OPTIONS);
  assert.equal(door.refusal(caller()), undefined);
  assert.equal(door.refusal(caller({ origin: "https://anywhere.example" })), undefined);
});

test("with an allow-list only its origins come in: no other, none, and no look-alike", () => {
  const door = new Door({ ...OPTIONS, allowOrigins: ["https://www.example"] });
  assert.equal(door.refusal(caller({ origin: "https://www.example" })), undefined);
  for (const origin of [
    "https://www.example.evil",
    "http://www.example",
    "https://WWW.example",
    "null",
    "",
  ]) {
    const answer = door.refusal(caller({ origin }));
    assert.deepEqual([answer?.status, answer?.body], [403, { code: "origin-not-allowed" }], origin);
  }
  assert.equal(door.refusal(caller())?.status, 403);
});

test("WebSockets are served at the root only", () => {
  assert.equal(new Door(OPTIONS).refusal(caller({ path: "/healthz" }))?.status, 404);
});

test("a server with all its connections, or all that an address may have, says so", () => {
  const door = new Door({ ...OPTIONS, maxConnections: 2, maxConnectionsPerAddress: 1 });
  door.enter("192.0.2.1");
  const full = door.refusal(caller());
  assert.deepEqual([full?.status, full?.body], [429, { code: "too-many-connections-from-address" }]);
  door.enter("192.0.2.2");
  const crowded = door.refusal(caller({ address: "192.0.2.3" }));
  assert.deepEqual([crowded?.status, crowded?.body], [503, { code: "too-many-connections" }]);
  door.exit("192.0.2.1");
  assert.equal(door.refusal(caller()), undefined);
});

test("a stopping server lets nobody in", () => {
  const door = new Door(OPTIONS);
  door.drain();
  assert.deepEqual(door.refusal(caller())?.body, { code: "draining" });
});

test("a forwarded address counts only where the operator trusts it", () => {
  const headers = { "x-forwarded-for": "203.0.113.9, 198.51.100.4" };
  assert.equal(new Door(OPTIONS).addressOf("192.0.2.1", headers), "192.0.2.1");
  const trusting = new Door({ ...OPTIONS, trustForwardedFor: true });
  assert.equal(trusting.addressOf("192.0.2.1", headers), "198.51.100.4");
  assert.equal(trusting.addressOf("192.0.2.1", {}), "192.0.2.1");
  assert.equal(trusting.addressOf(undefined, {}), "");
});

test("plain HTTP serves the health, and says what else is wrong", () => {
  const ask = (method: string, path: string) => answerHttp({ method, path }, () => ({ rooms: 3 }));
  assert.deepEqual(ask("GET", "/healthz"), { status: 200, body: { status: "ok", rooms: 3 } });
  assert.equal(ask("POST", "/healthz").status, 405);
  assert.equal(ask("HEAD", "/").status, 405);
  assert.equal(ask("GET", "/").status, 426);
  assert.equal(ask("GET", "/nowhere").status, 404);
  assert.deepEqual([pathOf("/healthz?verbose"), pathOf(undefined)], ["/healthz", ""]);
});

test("an answer for a bare socket is whole HTTP and closes the connection", () => {
  const [head = "", body] = rawAnswer({ status: 429, body: { code: "é" } }).split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 429 Too Many Requests\r\n/);
  assert.match(head, /content-length: 13\r\n/);
  assert.match(head, /connection: close/);
  assert.equal(body, '{"code":"é"}');
});
