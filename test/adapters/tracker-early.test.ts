import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { dialEarly } from "#sdk/adapters/early-dial.ts";
import { openedBefore } from "#sdk/adapters/tracker-surroundings.ts";
import { FakeServer } from "./tracker-fakes.ts";
import { stage, TIMEOUT } from "./tracker-stage.ts";

/** A server to which a socket was opened before there was a tracker. */
async function opened(t: TestContext, path = "/") {
  const server = await FakeServer.start(t);
  const early = new WebSocket(server.url + path);
  t.after(() => early.terminate());
  await once(early, "open");
  return { server, early };
}

/** How many connections were made after that one. */
async function later(t: TestContext, url: string, early: WebSocket) {
  const count = { later: 0 };
  class Counted extends WebSocket {
    constructor(url: string) {
      super(url);
      count.later++;
    }
  }
  const { ear, tracker } = await stage(t, { url, WebSocket: openedBefore(early, Counted) });
  return { ear, tracker, count };
}

test("the tracker greets on a socket that was opened before it, and opens no other", TIMEOUT, async (t) => {
  const { server, early } = await opened(t);
  const { ear, count } = await later(t, server.url, early);
  await server.heard(1);
  assert.equal(ear.reached, 1);
  server.welcome();
  await ear.until("up");
  assert.deepEqual([count.later, server.targets], [0, ["/"]]);
});

test("it waits for one that is on its way", TIMEOUT, async (t) => {
  const server = await FakeServer.start(t);
  const early = new WebSocket(`${server.url}/`);
  const { count } = await later(t, server.url, early);
  await server.heard(1);
  assert.equal(count.later, 0);
});

test("one that is over, or leads elsewhere, is not used", TIMEOUT, async (t) => {
  const over = await opened(t);
  over.early.terminate();
  const { count } = await later(t, over.server.url, over.early);
  await over.server.heard(1);
  assert.equal(count.later, 1);
  const elsewhere = await opened(t, "/room");
  const other = await later(t, elsewhere.server.url, elsewhere.early);
  await elsewhere.server.heard(1);
  assert.deepEqual([other.count.later, elsewhere.server.targets], [1, ["/room", "/"]]);
  if (elsewhere.early.readyState !== WebSocket.CLOSED) await once(elsewhere.early, "close");
});

const SIGNAL = "wss://signal.example";

/** What `dialEarly` opens in a browser that says this of itself. */
function dialled(t: TestContext, browser: object, options: Parameters<typeof dialEarly>[0]) {
  const urls: string[] = [];
  class Socket {
    constructor(readonly url: string) {
      urls.push(url);
    }
  }
  const { navigator, WebSocket } = globalThis;
  t.after(() => Object.assign(globalThis, { navigator, WebSocket }));
  Object.assign(globalThis, { navigator: browser, WebSocket: Socket });
  const socket = dialEarly(options);
  assert.equal(socket?.url, urls[0]);
  return urls;
}

test("the signaling server is dialled before the engine is there, with the page's token", (t) => {
  assert.deepEqual(dialled(t, {}, { signal: SIGNAL }), [`${SIGNAL}/`]);
  assert.deepEqual(dialled(t, { connection: { type: "wifi" } }, { signal: SIGNAL, token: "a b" }), [
    `${SIGNAL}/?token=a+b`,
  ]);
});

for (const [why, browser, options] of [
  ["the visitor objects to being passed on", { globalPrivacyControl: true }, { signal: SIGNAL }],
  ["data is to be saved", { connection: { saveData: true } }, { signal: SIGNAL }],
  ["the line is metered", { connection: { metered: true } }, { signal: SIGNAL }],
  ["the line is a phone's", { connection: { type: "cellular" } }, { signal: SIGNAL }],
  ["the token has to be asked for", {}, { signal: SIGNAL, token: () => "t" }],
  ["the URL is none", {}, { signal: "signal" }],
] as const)
  test(`nobody is dialled before the engine can judge that when ${why}`, (t) => {
    assert.deepEqual(dialled(t, browser, options), []);
  });
