import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { type LineListener, openTracker } from "#sdk/client/tracker-line.ts";
import type { Tracker, TrackerEvents } from "#sdk/engine/ports.ts";
import { CONTENT, dialId, peerId } from "./support/sample.ts";

const TRACKER: Tracker = {
  announce: () => undefined,
  leave: () => undefined,
  introduce: () => undefined,
  close: () => undefined,
};

function open() {
  const found: { events?: TrackerEvents } = {};
  const line = openTracker((events) => {
    found.events = events;
    return TRACKER;
  });
  assert.ok(found.events);
  const heard: unknown[][] = [];
  const listener: LineListener = {
    onReached: () => heard.push(["reached"]),
    onState: (state) => heard.push(["state", state]),
    onPeers: (...event) => heard.push(["peers", ...event]),
    onIntroduction: (introduction) => heard.push(["introduction", introduction]),
    onUnknownPeer: (...event) => heard.push(["unknown", ...event]),
    onRefused: (error) => heard.push(["refused", error.message]),
  };
  return { line, events: found.events, heard, listener };
}

const REFUSAL = new RivuletError("signaling-refused", "This page is not welcome.");
const INTRODUCTION = { from: peerId("b"), content: CONTENT, dial: dialId("1"), signal: {} };

test("whoever listens late is told the state at once", () => {
  for (const last of ["connecting", "up", "down"] as const) {
    const { line, events, heard, listener } = open();
    assert.equal(line.state, "connecting");
    assert.equal(line.tracker, TRACKER);
    if (last !== "connecting") events.onUp();
    if (last === "down") events.onDown();
    assert.equal(line.state, last);
    line.listen(listener);
    assert.deepEqual(heard, [["state", last]]);
  }
});

test("a refusal that came before anybody listened is told once", () => {
  const { line, events, heard, listener } = open();
  events.onRefused(REFUSAL);
  events.onDown();
  line.listen(listener);
  line.listen(listener);
  assert.deepEqual(heard, [
    ["state", "down"],
    ["refused", REFUSAL.message],
    ["state", "down"],
  ]);
});

test("what else came before anybody listened is forgotten: nobody had asked", () => {
  const { line, events, heard, listener } = open();
  events.onPeers(CONTENT, [], 1000);
  events.onIntroduction(INTRODUCTION);
  events.onUnknownPeer(peerId("b"), dialId("1"));
  line.listen(listener);
  assert.deepEqual(heard, [["state", "connecting"]]);
});

test("that the tracker was reached is told while it connects for the first time only", () => {
  const { line, events, heard, listener } = open();
  events.onReached();
  line.listen(listener);
  events.onReached();
  events.onDown();
  events.onReached();
  assert.deepEqual(heard, [["state", "connecting"], ["reached"], ["state", "down"]]);
});

test("every event is passed on to the listener", () => {
  const { line, events, heard, listener } = open();
  line.listen(listener);
  heard.length = 0;
  const candidates = [{ peer: peerId("b"), complete: true }];
  events.onUp();
  events.onPeers(CONTENT, candidates, 1000);
  events.onIntroduction(INTRODUCTION);
  events.onUnknownPeer(peerId("b"), dialId("1"));
  events.onRefused(REFUSAL);
  events.onDown();
  assert.deepEqual(heard, [
    ["state", "up"],
    ["peers", CONTENT, candidates, 1000],
    ["introduction", INTRODUCTION],
    ["unknown", peerId("b"), dialId("1")],
    ["refused", REFUSAL.message],
    ["state", "down"],
  ]);
});
