import assert from "node:assert/strict";
import { test } from "node:test";
import { Sessions } from "#signaling/sessions.ts";
import { identity } from "./support/identities.ts";

const { peer } = identity(1);

test("a connection is unknown until it is greeted", () => {
  const sessions = new Sessions();
  const connection = sessions.open();
  assert.deepEqual(sessions.get(connection), { state: "unknown" });
  assert.equal(sessions.greet(connection, peer), undefined);
  assert.deepEqual(sessions.get(connection), { state: "greeted", peer });
  assert.equal(sessions.connectionOf(peer), connection);
  assert.equal(sessions.peers, 1);
});

test("a peer id belongs to the connection that claimed it last, and the earlier session is over", () => {
  const sessions = new Sessions();
  const [first, second] = [sessions.open(), sessions.open()];
  sessions.greet(first, peer);
  assert.equal(sessions.greet(second, peer), first);
  assert.equal(sessions.get(first), undefined);
  assert.equal(sessions.connectionOf(peer), second);
  assert.deepEqual(sessions.connections, [second]);
});

test("closing a replaced connection does not take the peer from its new one", () => {
  const sessions = new Sessions();
  const [first, second] = [sessions.open(), sessions.open()];
  sessions.greet(first, peer);
  sessions.greet(second, peer);
  assert.equal(sessions.close(first), undefined);
  assert.equal(sessions.connectionOf(peer), second);
});

test("a closed session is told once and leaves nothing behind", () => {
  const sessions = new Sessions();
  const connection = sessions.open();
  sessions.greet(connection, peer);
  assert.deepEqual(sessions.close(connection), { state: "greeted", peer });
  assert.equal(sessions.close(connection), undefined);
  assert.equal(sessions.connectionOf(peer), undefined);
  assert.deepEqual([sessions.peers, sessions.connections.length], [0, 0]);
});
