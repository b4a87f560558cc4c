import assert from "node:assert/strict";
import { test } from "node:test";
import { OFFER, PEER, stage } from "./support/links-stage.ts";
import { CONTENT, dialId, peerId } from "./support/sample.ts";

test("where no connections are allowed everybody is left, and who is on the way, too", () => {
  const { links, inputs, nth } = stage();
  links.dial(PEER, CONTENT);
  nth(0).events.onOpen(nth(0));
  links.dial(peerId("c"), CONTENT);
  inputs.length = 0;
  links.allow(false);
  assert.deepEqual(inputs, [
    { type: "disconnected", peer: PEER },
    { type: "disconnected", peer: peerId("c") },
  ]);
  assert.ok(nth(0).closed && nth(1).closed);
  assert.deepEqual(
    nth(0).sent.map((frame) => frame.type === "bye" && frame.reason),
    ["leaving"],
  );
});

test("where no connections are allowed nobody is there to be dialled, and nobody's offer is heard", () => {
  const { links, inputs, connections } = stage();
  const offer = { from: PEER, content: CONTENT, dial: dialId("1"), signal: OFFER };
  links.allow(false);
  links.dial(PEER, CONTENT);
  links.introduced(offer);
  assert.deepEqual(inputs.splice(0), [{ type: "disconnected", peer: PEER }]);
  assert.equal(connections.length, 0);
  links.allow(true);
  links.dial(PEER, CONTENT);
  links.introduced(offer);
  assert.equal(connections.length, 1);
  assert.deepEqual(inputs, [{ type: "offered", peer: PEER, content: CONTENT, dial: dialId("1") }]);
});
