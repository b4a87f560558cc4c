import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { Runner } from "#sdk/client/runner.ts";
import type { EngineEvent } from "#sdk/engine/events.ts";
import { Node } from "#sdk/engine/node.ts";
import { encodeFrame } from "#sdk/protocol/frame.ts";
import { PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import { FIRST_DIAL, OFFER, PEER, PING, stage } from "./support/links-stage.ts";
import { CONTENT, peerId } from "./support/sample.ts";

/** Words that an honest engine may have waiting for a peer that takes nothing for half a minute. */
const HONEST = 4000;
const FLOOD = 5000;

test("a peer that takes nothing and has ever more to answer breaks the protocol", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  nth(0).full = true;
  for (let sent = 0; sent < HONEST; sent++) links.send(PEER, PING);
  assert.equal(inputs.length, 0);
  for (let sent = HONEST; sent < FLOOD; sent++) links.send(PEER, PING);
  const [told] = inputs;
  assert.ok(told?.type === "malformed" && told.peer === PEER && told.error.code === "protocol-violation");
});

test("who floods with pings and reads no answer is hung up on", () => {
  const { links, inputs, nth } = stage();
  const events: EngineEvent[] = [];
  const runner = new Runner({
    node: new Node({ self: peerId("a"), random: seededRandom(1) }),
    now: () => 0,
    perform: (effect) => {
      if (effect.type === "accept") links.accept(effect.peer);
      else if (effect.type === "send") links.send(effect.peer, effect.frame);
      else if (effect.type === "hang-up") links.hangUp(effect.peer);
      else if (effect.type === "event") events.push(effect.event);
    },
  });
  /** What the links tell goes on to the engine. */
  const pass = (): void => {
    for (const input of inputs.splice(0)) runner.input(input);
  };
  links.introduced({ from: PEER, content: CONTENT, dial: FIRST_DIAL, signal: OFFER });
  pass();
  const link = nth(0);
  link.events.onOpen(link);
  link.full = true;
  const hello = { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer: PEER } as const;
  link.events.onFrame(link, encodeFrame(hello));
  for (let sent = 0; sent < FLOOD; sent++) {
    link.events.onFrame(link, encodeFrame(PING));
    pass();
  }
  runner.stop();
  assert.ok(link.closed);
  assert.deepEqual(link.sent.at(-1), { type: "bye", handle: 0, request: 0, reason: "violation" });
  const ended = events.find(({ type }) => type === "peer-disconnected");
  assert.ok(ended?.type === "peer-disconnected" && ended.reason.includes("takes nothing"));
});
