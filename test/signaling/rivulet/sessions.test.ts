import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "#signaling/access/grant.ts";
import { Sessions } from "#signaling/rivulet/sessions.ts";
import { identity } from "../support/identities.ts";
import { Stage } from "../support/stage.ts";

const { peer } = identity(1);
const { service } = new Stage();
const caller = { address: "192.0.2.1", group: "", grant: EVERYTHING };

/** Sessions, and so many connections that are open in them. */
function open(count: number) {
  const sessions = new Sessions();
  const connections = Array.from({ length: count }, () => service.name());
  for (const connection of connections) sessions.open(connection, caller);
  const [first = service.name(), second = service.name()] = connections;
  return { sessions, first, second };
}

test("a connection has no peer until it is greeted", () => {
  const { sessions, first } = open(1);
  assert.deepEqual(sessions.get(first), { caller, peer: undefined });
  assert.equal(sessions.greet(first, peer), undefined);
  assert.deepEqual(sessions.get(first), { caller, peer });
  assert.equal(sessions.connectionOf(peer), first);
  assert.equal(sessions.peers, 1);
});

test("a peer id belongs to the connection that claimed it last, and the earlier session is over", () => {
  const { sessions, first, second } = open(2);
  sessions.greet(first, peer);
  assert.equal(sessions.greet(second, peer), first);
  assert.equal(sessions.get(first), undefined);
  assert.equal(sessions.connectionOf(peer), second);
  assert.equal(sessions.peers, 1);
});

test("closing a replaced connection does not take the peer from its new one", () => {
  const { sessions, first, second } = open(2);
  sessions.greet(first, peer);
  sessions.greet(second, peer);
  assert.equal(sessions.close(first), undefined);
  assert.equal(sessions.connectionOf(peer), second);
});

test("a closed session is told once and leaves nothing behind, and cannot be greeted", () => {
  const { sessions, first } = open(1);
  sessions.greet(first, peer);
  assert.deepEqual(sessions.close(first), { caller, peer });
  assert.equal(sessions.close(first), undefined);
  assert.equal(sessions.connectionOf(peer), undefined);
  assert.equal(sessions.greet(first, peer), undefined);
  assert.deepEqual([sessions.get(first), sessions.peers], [undefined, 0]);
});
