import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionId } from "#signaling/delivery.ts";
import { Client } from "#signaling/server/client.ts";
import { Link } from "#signaling/server/link.ts";

const socket = { readyState: 1, bufferedAmount: 0, ping: () => {}, close: () => {}, terminate: () => {} };

test("who sends much at once is not read from until the others have had their turn", async () => {
  const done: string[] = [];
  const link = new Link({
    socket,
    raw: { write: () => {} },
    limits: { maxBufferedBytes: 1, closeTimeoutMs: 1 },
  });
  const client = new Client({
    connection: 1 as ConnectionId,
    socket: { pause: () => done.push("pause"), resume: () => done.push("resume") },
    link,
    address: "192.0.2.1",
    host: { hear: (_, data) => done.push(`hear ${data.length}`), gone: () => {} },
  });
  const half = Buffer.alloc(16 * 1024);
  for (let n = 0; n < 4; n++) client.message(half, false);
  // What a single read brought is heard all the same.
  const heard = `hear ${half.length}`;
  assert.deepEqual(done, [heard, heard, "pause", heard, heard]);
  await new Promise((resolve) => setImmediate(resolve));
  client.message(half, false);
  client.message(half, false);
  assert.deepEqual(done.slice(5), ["resume", heard, heard, "pause"]);
});
