import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { parseContentId } from "#sdk/base/ids.ts";
import { type LineListener, openTracker } from "#sdk/client/tracker-line.ts";
import type { Tracker, TrackerEvents } from "#sdk/engine/ports.ts";
import { CONTENT, dialId, peerId } from "./support/sample.ts";

const OTHER = parseContentId("d".repeat(64));

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

test("that the tracker was reached is told while it connects for the first time, also to who listens later", () => {
  const { line, events, heard, listener } = open();
  events.onReached();
  line.listen(listener);
  events.onReached();
  events.onDown();
  events.onReached();
  assert.deepEqual(heard, [["state", "connecting"], ["reached"], ["reached"], ["state", "down"]]);
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

test("a line that is not allowed opens no link, and one that is no more closes its own", () => {
  const made: string[] = [];
  const line = openTracker(() => {
    const name = `link ${made.length + 1}`;
    made.push(name);
    return {
      announce: (_content, { want }) => made.push(`${name}: announce, want ${want}`),
      leave: () => made.push(`${name}: leave`),
      introduce: () => made.push(`${name}: introduce`),
      close: () => made.push(`${name}: close`),
    };
  }, false);
  assert.deepEqual([line.state, made], ["off", []]);
  const { tracker } = line;
  const act = () => {
    tracker.introduce({ to: peerId("b"), content: CONTENT, dial: dialId("1"), signal: {} });
    tracker.leave(OTHER);
  };
  tracker.announce(CONTENT, { want: 1, complete: false });
  tracker.announce(CONTENT, { want: 2, complete: false });
  tracker.announce(OTHER, { want: 3, complete: false });
  act();
  line.allow(true);
  line.allow(true);
  assert.deepEqual(made.splice(0), ["link 1", "link 1: announce, want 2"]);
  assert.equal(line.state, "connecting");
  act();
  line.allow(false);
  line.allow(false);
  act();
  assert.deepEqual(made.splice(0), ["link 1: introduce", "link 1: leave", "link 1: close"]);
  assert.equal(line.state, "off");
});

test("the listener hears that the link was closed, and of the next one", () => {
  const opened: TrackerEvents[] = [];
  const line = openTracker((events) => {
    opened.push(events);
    return TRACKER;
  });
  const states: string[] = [];
  const ignore = () => undefined;
  const rest = { onPeers: ignore, onIntroduction: ignore, onUnknownPeer: ignore, onRefused: ignore };
  line.listen({ ...rest, onReached: () => states.push("reached"), onState: (state) => states.push(state) });
  opened[0]?.onUp();
  line.allow(false);
  line.allow(true);
  opened[1]?.onReached();
  opened[1]?.onUp();
  assert.deepEqual(states, ["connecting", "up", "off", "connecting", "reached", "up"]);
});
