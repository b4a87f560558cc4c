import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { SimplePeerTransport } from "#sdk/adapters/simple-peer-transport.ts";
import { parsePeerId } from "#sdk/base/ids.ts";
import { loadWebRtc, type NodeWebRtc } from "#sdk/cli/node/web-rtc.ts";
import type { Connection, ConnectionEvents } from "#sdk/engine/ports.ts";
import { endSoon } from "#test/support/end-soon.ts";
import { Coturn } from "../support/coturn.ts";

let webRtc: NodeWebRtc;
let coturn: Coturn;

before(async () => {
  webRtc = await loadWebRtc();
  coturn = await Coturn.start("a secret that only the two servers know");
});
after(async () => {
  await webRtc?.close();
  await coturn?.dispose();
  endSoon();
});

/** As draft-uberti-behave-turn-rest-00 has them: a colon in the name, and base64 with all that belongs to it. */
function credentials(): RTCIceServer {
  for (let attempt = 0; ; attempt++) {
    const username = `${Math.floor(Date.now() / 1000) + 3600}:somebody${attempt}`;
    const credential = createHmac("sha1", coturn.secret).update(username).digest("base64");
    if (/[+/].*=/.test(credential)) return { urls: coturn.url(), username, credential };
  }
}

test("Node reaches Node through a TURN server, whose names and passwords have colons and slashes", {
  timeout: 30_000,
}, async () => {
  const iceServer = credentials();
  const { wrtc } = webRtc;
  const transport = new SimplePeerTransport({
    iceServers: () => [iceServer],
    iceTransportPolicy: "relay",
    wrtc,
  });
  const given = structuredClone(iceServer);
  const told: string[] = [];
  const ends: { a?: ReturnType<typeof transport.connect>; b?: ReturnType<typeof transport.connect> } = {};
  const heard = await new Promise<string>((resolve, reject) => {
    const events = (other: "a" | "b"): ConnectionEvents => ({
      onOpen: (connection: Connection) => void connection.send(new TextEncoder().encode(`to ${other}`)),
      onFrame: (_, frame) => resolve(new TextDecoder().decode(frame)),
      onWritable: () => {},
      onClose: (_, error) => reject(error ?? new Error("It was closed.")),
      onSignal: (_, signal) => {
        told.push(JSON.stringify(signal));
        ends[other]?.signal(JSON.parse(JSON.stringify(signal)));
      },
    });
    const peer = parsePeerId("0".repeat(32));
    ends.b = transport.connect({ peer, initiator: false, events: events("a") });
    ends.a = transport.connect({ peer, initiator: true, events: events("b") });
  });
  assert.match(heard, /^to [ab]$/);
  const kinds = new Set(Array.from(told.join("\n").matchAll(/ typ (\w+)/g), ([, kind]) => kind));
  assert.deepEqual([...kinds], ["relay"]);
  assert.deepEqual(iceServer, given);
  ends.a?.close();
  ends.b?.close();
});
