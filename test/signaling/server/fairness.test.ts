import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incoming } from "#signaling/conversation.ts";
import type { ConnectionId } from "#signaling/delivery.ts";
import { Client } from "#signaling/server/client.ts";
import { Link } from "#signaling/server/link.ts";

const socket = { readyState: 1, bufferedAmount: 0, ping: () => {}, close: () => {}, terminate: () => {} };

function seated() {
  const done: string[] = [];
  const link = new Link({
    socket,
    raw: { write: () => {} },
    limits: { maxBufferedBytes: 1, closeTimeoutMs: 1 },
  });
  const host = {
    turn: 0,
    hear: (_: ConnectionId, { data }: Incoming) => done.push(data.toString()),
    gone: () => done.push("gone"),
  };
  const client = new Client({
    connection: 1 as ConnectionId,
    socket: { pause: () => done.push("pause"), resume: () => done.push("resume") },
    link,
    address: "192.0.2.1",
    host,
  });
  const say = (...names: string[]) => {
    for (const name of names) client.message(Buffer.from(name.padEnd(HALF_A_TURN, " ")), false);
  };
  const heard = () => done.splice(0).map((what) => what.trimEnd());
  return { client, host, say, heard };
}

const HALF_A_TURN = 4 * 1024;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("who says much at once is heard a little in each turn, in order, and not read from before all is heard", async () => {
  const { say, heard } = seated();
  say("a", "b", "c", "d", "e");
  assert.deepEqual(heard(), ["a", "b", "pause"]);
  await nextTurn();
  assert.deepEqual(heard(), ["c", "d", "pause"]);
  await nextTurn();
  assert.deepEqual(heard(), ["e", "resume"]);
  say("f");
  assert.deepEqual(heard(), ["f", "pause"], "with e, which was in this turn");
  await nextTurn();
  assert.deepEqual(heard(), ["resume"]);
});

test("who says little in each turn is heard at once, however long it goes on", () => {
  const { host, say, heard } = seated();
  for (host.turn = 0; host.turn < 10; host.turn++) say(`${host.turn}`);
  assert.equal(heard().join(""), "0123456789");
});

test("many small messages take their turns as well", () => {
  const { client, heard } = seated();
  for (let n = 0; n < 100; n++) client.message(Buffer.from("m"), false);
  const before = heard().indexOf("pause");
  assert.ok(before > 10 && before < 50, `${before} of 100 in one turn`);
});

test("who is gone is not heard to the end", async () => {
  const { client, say, heard } = seated();
  say("a", "b", "c");
  client.closed();
  await nextTurn();
  assert.deepEqual(heard(), ["a", "b", "pause", "gone", "resume"]);
});
