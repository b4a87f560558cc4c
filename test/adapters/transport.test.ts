import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SimplePeerTransport, webRtcSupported } from "#sdk/adapters/simple-peer-transport.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { parsePeerId } from "#sdk/base/ids.ts";
import { transportContract } from "#test/contract/transport.ts";
import { type Chromium, launchChromium } from "#test/support/chromium.ts";
import { bundleForBrowser } from "../../scripts/esbuild-slim.mjs";
import { makePair } from "./transport-driver.ts";
import type {} from "./transport-lab.ts";

let chromium: Chromium;
let script: string;

before(async () => {
  script = await bundleForBrowser({ entry: "test/adapters/transport-lab.ts" });
  chromium = await launchChromium({ args: ["--js-flags=--expose-gc"] });
});
after(() => chromium?.close());

transportContract("two links in one page", async () => {
  const page = await chromium.browser.newPage();
  return makePair({ dialerPage: page, answererPage: page, script, dispose: () => page.close() });
});

transportContract("two browser contexts", async () => {
  const near = await chromium.browser.createBrowserContext();
  const far = await chromium.browser.createBrowserContext();
  return makePair({
    dialerPage: await near.newPage(),
    answererPage: await far.newPage(),
    script,
    vanish: () => far.close(),
    dispose: async () => {
      await near.close();
      if (!far.closed) await far.close();
    },
  });
});

test("closed links do not keep their peer connections in memory", async () => {
  const page = await chromium.browser.newPage();
  const pair = await makePair({ dialerPage: page, answererPage: page, script, dispose: () => page.close() });
  await Promise.all([pair.dialer.connect(), pair.answerer.connect()]);
  await Promise.all([pair.dialer.until("open"), pair.answerer.until("open")]);
  for (let i = 0; i < 20; i++) await page.evaluate((name) => lab.connect(name, true), `unanswered ${i}`);
  // Chromium lets go of the last one or two when it pleases; a link that held on to its own would keep all 21.
  const kept = await page.evaluate(() => lab.connectionsInMemory());
  assert.ok(kept <= 4, `${kept} peer connections are still in memory`);
  await pair.dispose();
});

test("what the answering side says first is not lost", { timeout: 60_000 }, async () => {
  const page = await chromium.browser.newPage();
  await page.evaluate(openTooEarly);
  const pair = await makePair({ dialerPage: page, answererPage: page, script, dispose: () => page.close() });
  await Promise.all([pair.dialer.connect(), pair.answerer.connect()]);
  await pair.answerer.until("open");
  await pair.answerer.send({ first: 7, count: 1, bytes: 100 });
  const events = await pair.dialer.until("frame");
  assert.deepEqual(events.at(-1), { type: "frame", number: 7, bytes: 100, intact: true });
  await pair.dispose();
});

/** Runs in the page. What Chromium does now and then, each time: a channel is called open 60 ms before it can send. */
function openTooEarly(): void {
  const early = new WeakSet<RTCDataChannel>();
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
    if (!early.has(this)) send.call(this, data);
  } as typeof send;
  const property = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, "ondatachannel");
  Object.defineProperty(RTCPeerConnection.prototype, "ondatachannel", {
    ...property,
    set(listener: ((event: RTCDataChannelEvent) => void) | null) {
      property?.set?.call(this, (event: RTCDataChannelEvent) => {
        early.add(event.channel);
        event.channel.addEventListener("open", () => setTimeout(() => early.delete(event.channel), 60));
        event.channel.addEventListener("message", () => early.delete(event.channel));
        listener?.(event);
      });
    },
  });
}

test("where there is no WebRTC the transport says so when it is made", () => {
  assert.equal(webRtcSupported(), false);
  assert.throws(
    () => new SimplePeerTransport({ iceServers: () => [], iceTransportPolicy: "all" }),
    (error) => error instanceof RivuletError && error.code === "unsupported-browser",
  );
});

test("a browser that refuses one more peer connection closes the link, after connect has returned", async () => {
  class Refusing {
    constructor() {
      throw new Error("Cannot create so many PeerConnections");
    }
  }
  const wrtc = { RTCPeerConnection: Refusing, RTCSessionDescription: Refusing, RTCIceCandidate: Refusing };
  const transport = new SimplePeerTransport({
    iceServers: () => [],
    iceTransportPolicy: "all",
    wrtc: wrtc as never,
  });
  let returned = false;
  const error = await new Promise<RivuletError | undefined>((resolve, reject) => {
    const unexpected = () => reject(new Error("Nothing but onClose was to come."));
    transport.connect({
      peer: parsePeerId("0".repeat(32)),
      initiator: true,
      events: {
        onOpen: unexpected,
        onFrame: unexpected,
        onWritable: unexpected,
        onSignal: unexpected,
        onClose: (_, reason) => (returned ? resolve(reason) : unexpected()),
      },
    });
    returned = true;
  });
  assert.equal(error?.code, "connection-failed");
});
