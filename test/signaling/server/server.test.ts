import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { RivuletError } from "@rivulet/sdk/protocol";
import { startSignalingServer } from "#signaling/index.ts";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { eventually, httpUrl, keptLog, runningServer } from "../support/running-server.ts";
import { TestClient } from "../support/test-client.ts";

const content = contentNo(1);
const dial = dialNo(1);
const [ann, bob] = [identity(1), identity(2)];

test("two peers find each other and exchange an offer and an answer", async (t) => {
  const server = await runningServer(t, { announceIntervalMs: 5000 });
  const first = await TestClient.greet(server.url, ann);
  const { type, ...alone } = await first.announce(content, 50, true);
  assert.deepEqual([type, alone], ["peers", { content, peers: [], members: 1, intervalMs: 5000 }]);
  const second = await TestClient.greet(server.url, bob);
  const { peers, members } = await second.announce(content);
  assert.deepEqual([peers, members], [[{ peer: ann.peer, complete: true }], 2]);

  second.say({ type: "introduce", to: ann.peer, content, dial, signal: { type: "offer", sdp: "o" } });
  const offer = await first.next("introduce");
  assert.deepEqual(offer, {
    type: "introduce",
    from: bob.peer,
    content,
    dial,
    signal: { type: "offer", sdp: "o" },
  });
  first.say({
    type: "introduce",
    to: offer.from,
    content,
    dial: offer.dial,
    signal: { type: "answer", sdp: "a" },
  });
  assert.deepEqual((await second.next("introduce")).signal, { type: "answer", sdp: "a" });
});

test("a peer that reconnects replaces its dead socket at once, which is closed as replaced", async (t) => {
  const server = await runningServer(t);
  const dead = await TestClient.greet(server.url, ann);
  const alive = await TestClient.greet(server.url, ann);
  assert.equal((await dead.next("error")).code, "replaced");
  assert.deepEqual(await dead.closed, { code: 4002, reason: "replaced" });
  assert.equal((await alive.announce(content)).members, 1);
});

test("a peer whose socket closes is out of its swarms, and nothing of it is kept", async (t) => {
  const server = await runningServer(t);
  const stayer = await TestClient.greet(server.url, ann);
  const leaver = await TestClient.greet(server.url, bob);
  await leaver.announce(content);
  leaver.socket.terminate();
  await eventually(() => server.stats().connections === 1);
  assert.deepEqual((await stayer.announce(content)).peers, []);
  stayer.say({ type: "leave", content });
  stayer.say({ type: "ping" });
  await stayer.next("pong");
  const { rooms, members, peers } = server.stats();
  assert.deepEqual({ rooms, members, peers }, { rooms: 0, members: 0, peers: 1 });
});

test("health is served over HTTP with what the server holds", async (t) => {
  const server = await runningServer(t);
  const client = await TestClient.greet(server.url, ann);
  await client.announce(content);
  const response = await fetch(httpUrl(server, "/healthz"));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  const { uptimeMs, ...health } = Object(await response.json());
  assert.equal(typeof uptimeMs, "number");
  assert.deepEqual(health, {
    status: "ok",
    ...{ connections: 1, peers: 1, rooms: 1, members: 1 },
    ...{ messagesReceived: 2, messagesRefused: 0, messagesSent: 2, connectionsCut: 0 },
  });
});

test("other paths and methods are refused in JSON", async (t) => {
  const server = await runningServer(t);
  const status = async (path: string, method: string) => {
    const response = await fetch(httpUrl(server, path), { method });
    return [response.status, Object(await response.json()).code];
  };
  assert.deepEqual(await status("/metrics-of-others", "GET"), [404, "not-found"]);
  assert.deepEqual(await status("/healthz", "POST"), [405, "method-not-allowed"]);
  assert.deepEqual(await status("/", "GET"), [426, "upgrade-required"]);
});

test("a server that closes tells its clients, resolves when they are gone, and frees its port", async (t) => {
  const server = await runningServer(t);
  const client = await TestClient.greet(server.url, ann);
  const closing = server.close();
  assert.equal((await client.next("error")).code, "draining");
  assert.deepEqual(await client.closed, { code: 1001, reason: "draining" });
  await closing;
  await server.close();
  await assert.rejects(TestClient.connect(server.url), /ECONNREFUSED/);
  await runningServer(t, { port: server.port });
});

test("a client that ignores the goodbye does not keep the server from closing", async (t) => {
  const server = await runningServer(t, { closeTimeoutMs: 20 });
  const deaf = await TestClient.greet(server.url, ann);
  deaf.socket.pause();
  await server.close();
  assert.equal(server.stats().connections, 0);
});

test("a request that never ends does not keep the server from closing", async (t) => {
  const server = await runningServer(t);
  const socket = connect(server.port, "127.0.0.1");
  const closed = once(socket.resume(), "close");
  await new Promise((resolve) => socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n", resolve));
  await fetch(httpUrl(server, "/healthz"));
  await server.close();
  await closed;
});

test("a port that is taken is an error with a code and the place", async (t) => {
  const server = await runningServer(t);
  await assert.rejects(
    startSignalingServer({ port: server.port }),
    (error: unknown) =>
      error instanceof RivuletError &&
      error.code === "connection-failed" &&
      error.message.includes(`127.0.0.1:${server.port}`),
  );
});

test("a fault in handling costs its sender an error, the log a line, and nobody else anything", async (t) => {
  const { lines, logger } = keptLog();
  const peerOfSecret = () => {
    throw new TypeError("a bug");
  };
  const server = await runningServer(t, {}, { logger, peerOfSecret });
  const client = await TestClient.connect(server.url);
  client.say({ type: "hello", version: 1, ...ann });
  assert.equal((await client.next("error")).code, "internal");
  client.say({ type: "ping" });
  await client.next("pong");
  assert.deepEqual(lines, ["A message was not handled. a bug"]);
});
