import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, test } from "node:test";
import type { ClientOptions } from "ws";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { SILENT_LOGGER } from "#signaling/operation/logger.ts";
import { identity } from "../support/identities.ts";
import { refusedUpgrade, TestClient } from "../support/test-client.ts";
import { NginxProxy } from "./nginx-proxy.ts";

const TOKEN = "hunter2hunter2";
let server: SignalingServer;
let proxy: NginxProxy;

before(async () => {
  // The proxy alone is trusted. The clients below are others, though they have addresses of this machine too.
  const options = { port: 0, trustProxy: ["127.0.0.1"], maxConnectionsPerAddress: 1 };
  server = await startSignalingServer(options, { logger: SILENT_LOGGER });
  proxy = await NginxProxy.start(server.port);
});

after(async () => {
  await proxy.stop();
  await server.close();
});

/** Somebody at this address, who states another one. */
function from(localAddress: string, stated?: string): ClientOptions {
  const headers = stated === undefined ? {} : { "x-forwarded-for": stated };
  return { localAddress, headers, rejectUnauthorized: false };
}

/** The status of a plain request. */
function ask(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${proxy.url}${path}`, { rejectUnauthorized: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    })
      .once("error", reject)
      .end();
  });
}

// Only Linux has all of 127.0.0.0/8.
const skip = process.platform !== "linux";

test("WebSockets pass, and are counted by where they came from, whatever they state", { skip }, async () => {
  const url = `${proxy.url.replace("https", "wss")}/?token=${TOKEN}`;
  const first = await TestClient.connect(url, from("127.0.0.2"));
  const { peer, secret } = identity(1);
  first.say({ type: "hello", version: 1, peer, secret });
  await first.next("welcome");
  const refused = await refusedUpgrade(url, from("127.0.0.2", "203.0.113.9"));
  assert.deepEqual(refused, { status: 429, body: { code: "too-many-connections-from-address" } });
  const second = await TestClient.connect(url, from("127.0.0.3"));
  for (const client of [first, second]) {
    client.socket.close();
    await client.closed;
  }
});

test("health is for everybody, figures are not", async () => {
  assert.deepEqual(
    await Promise.all(["/healthz", "/readyz", "/metrics", "/metrics?x", "/nothing"].map(ask)),
    [200, 200, 403, 403, 404],
  );
});

test("no log shows a token, not even of a server that does not answer", async () => {
  assert.equal(await ask(`/healthz?token=${TOKEN}`), 200);
  await server.close();
  assert.equal(await ask(`/?token=${TOKEN}`), 502);
  const logs = await proxy.logs();
  assert.match(logs, /"GET \/healthz" 200/);
  assert.match(logs, /"GET \/" 502/);
  assert.ok(!logs.includes(TOKEN), logs);
});
