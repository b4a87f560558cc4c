import assert from "node:assert/strict";
import { test } from "node:test";
import { contentNo, identity } from "../support/identities.ts";
import { eventually, httpUrl, runningServer } from "../support/running-server.ts";
import { refusedUpgrade, TestClient } from "../support/test-client.ts";
import { TrackerClient } from "../support/tracker-client.ts";

const goodbye = { code: 1001, reason: "draining" };

test("a draining server sends its clients away a few at a time, lets nobody in, and closes when all are gone", async (t) => {
  let now = 0;
  const server = await runningServer(t, { drainMs: 1000 }, { now: () => now });
  const clients: TestClient[] = [];
  for (let n = 0; n < 4; n++) clients.push(await TestClient.greet(server.url, identity(n)));
  const draining = server.drain();
  assert.deepEqual(await refusedUpgrade(server.url), { status: 503, body: { code: "draining" } });
  const ready = await fetch(httpUrl(server, "/readyz"));
  assert.deepEqual([ready.status, Object(await ready.json()).status], [503, "draining"]);
  assert.equal((await clients[3]?.announce(contentNo(1)))?.members, 1, "who stays is still served");
  for (const [gone, client] of clients.entries()) {
    assert.equal(server.stats().connections, clients.length - gone);
    now = 250 * gone + 1;
    assert.equal((await client.next("error")).code, "draining");
    assert.deepEqual(await client.closed, goodbye);
    await eventually(() => server.stats().connections === clients.length - gone - 1);
  }
  await draining;
  await assert.rejects(TestClient.connect(server.url), /ECONNREFUSED/);
});

test("a server that is closed while it drains sends everybody else away at once, on both paths", async (t) => {
  const server = await runningServer(t, { drainMs: 60_000 }, { now: () => 0 });
  const own = await TestClient.greet(server.url, identity(1));
  const tracker = await TrackerClient.connect(server.url);
  await tracker.announce(1);
  const draining = server.drain();
  await server.close();
  assert.equal((await own.next("error")).code, "draining");
  assert.deepEqual(await own.closed, goodbye);
  assert.equal(await tracker.failure(), "draining");
  assert.deepEqual(await tracker.closed, goodbye);
  await draining;
});
