import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { WebSocket } from "ws";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { eventually, httpUrl, runningServer } from "../support/running-server.ts";
import { refusedUpgrade, TestClient } from "../support/test-client.ts";

const content = contentNo(1);
const dial = dialNo(1);
const [ann, bob] = [identity(1), identity(2)];

test("a page of an unknown origin is refused with 403, and so is a program that states none", async (t) => {
  const server = await runningServer(t, { allowOrigins: ["https://www.example"] });
  const refused = { status: 403, body: { code: "origin-not-allowed" } };
  assert.deepEqual(await refusedUpgrade(server.url, { origin: "https://evil.example" }), refused);
  assert.deepEqual(await refusedUpgrade(server.url), refused);
  const client = await TestClient.connect(server.url, { origin: "https://www.example" });
  client.say({ type: "ping" });
  await client.next("pong");
});

test("connections beyond the limit are refused with 503, and let in when one has closed", async (t) => {
  const server = await runningServer(t, { maxConnections: 1 });
  const first = await TestClient.connect(server.url);
  assert.deepEqual(await refusedUpgrade(server.url), { status: 503, body: { code: "too-many-connections" } });
  first.socket.close();
  await eventually(() => server.stats().connections === 0);
  await TestClient.connect(server.url);
});

test("connections beyond an address's limit are refused with 429, others are not", async (t) => {
  const server = await runningServer(t, { maxConnectionsPerAddress: 1, trustProxy: ["loopback"] });
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  await TestClient.connect(server.url, from("192.0.2.1"));
  assert.deepEqual(await refusedUpgrade(server.url, from("198.51.100.1, 192.0.2.1")), {
    status: 429,
    body: { code: "too-many-connections-from-address" },
  });
  await TestClient.connect(server.url, from("192.0.2.2"));
});

test("an upgrade on another path is refused with 404", async (t) => {
  const server = await runningServer(t);
  assert.equal((await refusedUpgrade(`${server.url}/elsewhere`)).status, 404);
});

test("a message over the limit gets an error and the connection lives; far over it, ws closes with 1009", async (t) => {
  const server = await runningServer(t, { maxMessageBytes: 1000 });
  const client = await TestClient.greet(server.url, ann);
  client.socket.send("x".repeat(1001));
  assert.equal((await client.next("error")).code, "too-large");
  client.socket.send("x".repeat(4000));
  assert.equal((await client.next("error")).code, "too-large");
  await client.announce(content);
  client.socket.send("x".repeat(4001));
  assert.equal((await client.closed).code, 1009);
});

test("a binary frame is malformed, even with a good message in it", async (t) => {
  const server = await runningServer(t);
  const client = await TestClient.connect(server.url);
  client.socket.send(Buffer.from('{"type":"ping"}'));
  assert.equal((await client.next("error")).code, "malformed");
});

test("a message cut into very many fragments costs the connection, one cut into a few is read", async (t) => {
  const server = await runningServer(t);
  const client = await TestClient.connect(server.url);
  const fragments = (parts: readonly string[]) => {
    parts.forEach((part, n) => {
      client.socket.send(part, { fin: n === parts.length - 1 });
    });
  };
  fragments(['{"type"', ':"pi', 'ng"}']);
  await client.next("pong");
  fragments(Array.from({ length: 200 }, () => " "));
  assert.equal((await client.closed).code, 1008);
});

test("a client beyond its message rate is refused, and closed when it goes on", async (t) => {
  const server = await runningServer(t, { messageRate: 1, messageBurst: 2, maxRefusedMessages: 3 });
  const client = await TestClient.connect(server.url);
  for (let n = 0; n < 30; n++) client.say({ type: "ping" });
  assert.deepEqual(await client.closed, { code: 4000, reason: "rate-limited" });
  await client.next("pong");
  await client.next("pong");
  assert.equal((await client.next("error")).code, "rate-limited");
});

test("a client that does not say hello in time is closed", async (t) => {
  const server = await runningServer(t, { greetingTimeoutMs: 20 });
  const client = await TestClient.connect(server.url);
  assert.equal((await client.next("error")).code, "not-greeted");
  assert.deepEqual(await client.closed, { code: 4001, reason: "not-greeted" });
});

test("a socket that answers no ping is cut off and its peer forgotten, while one that does lives on", async (t) => {
  const server = await runningServer(t, { heartbeatMs: 300 });
  const lively = await TestClient.greet(server.url, ann);
  let pings = 0;
  lively.socket.on("ping", () => {
    pings += 1;
  });
  const silent = await TestClient.greet(server.url, bob);
  await silent.announce(content);
  silent.socket.pause();
  await eventually(() => server.stats().connectionsCut === 1);
  await eventually(() => pings > 1);
  assert.equal(lively.socket.readyState, WebSocket.OPEN);
  const { connections, members } = server.stats();
  assert.deepEqual({ connections, members }, { connections: 1, members: 0 });
});

test("a client that does not read is cut off, rather than buffered for without bound", async (t) => {
  const server = await runningServer(t, { maxBufferedBytes: 64 * 1024, messageBurst: 100_000 });
  const sender = await TestClient.greet(server.url, ann);
  await sender.announce(content);
  const slow = await TestClient.greet(server.url, bob);
  await slow.announce(content);
  slow.socket.pause();
  const signal = { sdp: "x".repeat(40_000) };
  // The kernel's own buffers have to fill first; how much they take is its business.
  while (server.stats().connectionsCut === 0) {
    for (let n = 0; n < 20; n++) sender.say({ type: "introduce", to: bob.peer, content, dial, signal });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => server.stats().connections === 1);
  sender.socket.terminate();
});

test("rooms, members and rooms of one peer beyond their limits are refused with the content named", async (t) => {
  const server = await runningServer(t, { maxRooms: 2, maxMembersPerRoom: 1, maxRoomsPerPeer: 1 });
  const [a, b, c] = [
    await TestClient.greet(server.url, identity(1)),
    await TestClient.greet(server.url, identity(2)),
    await TestClient.greet(server.url, identity(3)),
  ];
  const refusal = async (client: TestClient, n: number) => {
    client.say({ type: "announce", content: contentNo(n), want: 1, complete: false });
    const { code, about } = await client.next("error");
    assert.deepEqual(about, { content: contentNo(n) });
    return code;
  };
  await a.announce(contentNo(1));
  assert.equal(await refusal(b, 1), "room-full");
  assert.equal(await refusal(a, 2), "too-many-rooms");
  await b.announce(contentNo(2));
  assert.equal(await refusal(c, 3), "too-many-rooms");
});

test("rooms beyond those that an address may open are refused with the content named", async (t) => {
  const server = await runningServer(t, { maxRoomsPerAddress: 1 });
  const [a, b] = [
    await TestClient.greet(server.url, identity(1)),
    await TestClient.greet(server.url, identity(2)),
  ];
  await a.announce(contentNo(1));
  b.say({ type: "announce", content: contentNo(2), want: 1, complete: false });
  const { code, about } = await b.next("error");
  assert.deepEqual({ code, about }, { code: "too-many-rooms", about: { content: contentNo(2) } });
  await b.announce(contentNo(1));
});

test("sockets that ask for nothing do not keep health from being served beyond their number", async (t) => {
  const server = await runningServer(t, { maxConnections: 1 });
  // 64 sockets of headroom and the one connection; those beyond are closed by the server without a word.
  const idle = Array.from({ length: 80 }, () => connect(server.port, "127.0.0.1"));
  let refused = 0;
  for (const socket of idle) {
    socket.on("error", () => {});
    socket.on("close", () => {
      refused += 1;
    });
    socket.resume();
  }
  await eventually(() => refused === 80 - 65);
  for (const socket of idle) socket.destroy();
  await eventually(() => refused === 80);
  assert.equal((await fetch(httpUrl(server, "/healthz"))).status, 200);
});
