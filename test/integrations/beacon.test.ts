import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Emitter } from "#sdk/base/emitter.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { minute } from "#sdk/base/time.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import { Statistics } from "#sdk/client/statistics.ts";
import { type BeaconBody, type BeaconSource, startBeacon } from "#sdk/integrations/site/beacon.ts";

const NO_STATS = new Statistics().report({ peer: "", tracker: "up", peers: [], catalog: undefined });

/** A page, a source and a clock, all in the test's hand. */
function stage(options: { readonly everyMs?: number } = {}) {
  const emitter = new Emitter<RivuletEvents>();
  const source = {
    stats: NO_STATS,
    state: "running",
    role: undefined as BeaconSource["role"],
    on: emitter.on.bind(emitter) as BeaconSource["on"],
  };
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  let nowMs = 5_000;
  let ticks: { readonly run: () => void; readonly everyMs: number } | undefined;
  const page = Object.assign(new EventTarget(), {
    document,
    location: new URL("https://www.example/films/alps?visitor=7#scene"),
    performance: { now: () => nowMs },
    setInterval: (run: () => void, everyMs: number) => {
      ticks = { run, everyMs };
      return 1;
    },
    clearInterval: () => {
      ticks = undefined;
    },
  });
  const captured: string[] = [];
  const addListener = page.addEventListener.bind(page);
  page.addEventListener = (type, listener, options) => {
    if (typeof options === "object" && options.capture) captured.push(type);
    addListener(type, listener, options);
  };
  const sent: BeaconBody[] = [];
  const send = (url: string, body: string) => {
    assert.equal(url, "/visits");
    sent.push(JSON.parse(body));
  };
  const stop = startBeacon(source, { url: "/visits", send, ...options }, page as unknown as Window);
  return {
    source,
    sent,
    stop,
    page,
    captured,
    emit: emitter.emit.bind(emitter),
    isHeard: () => emitter.has("problem") || emitter.has("peer-connected"),
    everyMs: () => ticks?.everyMs,
    tick: (afterMs = minute) => {
      nowMs += afterMs;
      ticks?.run();
    },
    hide: (visibilityState = "hidden") => {
      document.visibilityState = visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

const problem = (code: RivuletError["code"]) => new RivuletError(code, "What to do about it.");

test("a beacon says what happened, and nothing of who visits or who gives", () => {
  const { source, sent, emit, tick } = stage();
  source.role = "leader";
  source.stats = {
    ...NO_STATS,
    peer: "11".repeat(16),
    originBytes: 250,
    peerBytes: 750,
    uploadedBytes: 40,
    wastedBytes: 3,
  };
  emit("peer-connected", { peer: "22".repeat(16) });
  emit("problem", problem("stale-manifest"));
  emit("problem", problem("stale-manifest"));
  tick();
  assert.deepEqual(sent, [
    {
      v: 1,
      page: "/films/alps",
      state: "running",
      role: "leader",
      durationMs: 60_000,
      originBytes: 250,
      peerBytes: 750,
      storeBytes: 0,
      offloadRatio: 0.75,
      uploadedBytes: 40,
      wastedBytes: 3,
      peersSeen: 1,
      problems: { "stale-manifest": 2 },
    },
  ]);
});

test("each beacon says what changed since the last one, and none is sent when nothing did", () => {
  const { source, sent, emit, tick, everyMs } = stage();
  assert.equal(everyMs(), minute);
  tick();
  source.stats = { ...NO_STATS, originBytes: 100 };
  tick();
  emit("problem", problem("storage-full"));
  tick();
  tick();
  source.stats = { ...NO_STATS, originBytes: 100, peerBytes: 300 };
  tick(1000);
  const brief = sent.map(({ originBytes, peerBytes, offloadRatio, durationMs, problems }) => [
    originBytes,
    peerBytes,
    offloadRatio,
    durationMs,
    problems,
  ]);
  assert.deepEqual(brief, [
    [100, 0, 0, 2 * minute, {}],
    [0, 0, 0, minute, { "storage-full": 1 }],
    [0, 300, 1, minute + 1000, {}],
  ]);
});

test("figures that begin anew are counted from nothing", () => {
  const { source, sent, tick } = stage();
  source.stats = { ...NO_STATS, peerBytes: 900 };
  tick();
  source.stats = { ...NO_STATS, peerBytes: 20 };
  tick();
  assert.deepEqual(
    sent.map(({ peerBytes }) => peerBytes),
    [900, 20],
  );
});

test("a follower leaves its leader's figures to the leader, and sends its own when it leads", () => {
  const { source, sent, emit, tick } = stage();
  source.role = "follower";
  source.stats = { ...NO_STATS, peerBytes: 500 };
  emit("problem", problem("stale-manifest"));
  tick();
  assert.equal(sent.length, 0);
  source.role = "leader";
  source.stats = { ...NO_STATS, peerBytes: 600 };
  tick();
  assert.deepEqual([sent.length, sent[0]?.peerBytes, sent[0]?.problems], [1, 600, {}]);
});

test("what is outstanding goes out when the page is hidden, and when it is left, each once", () => {
  const { source, sent, hide, page } = stage();
  source.stats = { ...NO_STATS, peerBytes: 1 };
  hide("visible");
  assert.equal(sent.length, 0);
  hide();
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(sent.length, 1);
  source.stats = { ...NO_STATS, peerBytes: 2 };
  page.dispatchEvent(new Event("pagehide"));
  hide();
  assert.equal(sent.length, 2);
});

test("a page that is left is told of before others hear of it and end its engine", () => {
  const { captured } = stage();
  // This runtime's EventTarget knows no phases: what a browser would do is in the browsers' specification.
  assert.deepEqual(captured, ["pagehide"]);
});

test("stopping sends what is outstanding and listens no more", () => {
  const { source, sent, stop, isHeard, everyMs, hide, page } = stage({ everyMs: 9 });
  assert.equal(everyMs(), 9);
  source.stats = { ...NO_STATS, peerBytes: 1 };
  stop();
  assert.equal(sent.length, 1);
  source.stats = { ...NO_STATS, peerBytes: 2 };
  hide();
  page.dispatchEvent(new Event("pagehide"));
  assert.deepEqual([sent.length, everyMs(), isHeard()], [1, undefined, false]);
});

test("a beacon names at most fifty kinds of problems", () => {
  const { sent, emit, tick } = stage();
  for (let i = 0; i < 60; i++) emit("problem", problem(`made-up-${i}` as RivuletError["code"]));
  emit("problem", problem("made-up-0" as RivuletError["code"]));
  tick();
  const { problems } = sent[0] as BeaconBody;
  assert.equal(Object.keys(problems).length, 50);
  assert.equal(problems["made-up-0"], 2);
});

test("the fields that docs/analytics.md lists are those that are sent", () => {
  const { source, sent, tick } = stage();
  source.stats = { ...NO_STATS, peerBytes: 1 };
  tick();
  const text = readFileSync(fileURLToPath(new URL("../../docs/analytics.md", import.meta.url)), "utf8");
  const listed = Array.from(text.matchAll(/^\| `(\w+)` +\|/gm), ([, name]) => name);
  assert.deepEqual(listed.sort(), Object.keys(sent[0] as BeaconBody).sort());
  const [, example] = /```json\n(.*?)```/s.exec(text) ?? [];
  assert.deepEqual(Object.keys(JSON.parse(example ?? "{}")).sort(), listed);
});

test("it goes by sendBeacon, and by a fetch that outlives the page where that refuses", (t) => {
  const asked: unknown[][] = [];
  let isTaken = true;
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  const sendBeacon = (...args: unknown[]) => {
    asked.push(["sendBeacon", ...args]);
    return isTaken;
  };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { sendBeacon } });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
  });
  t.mock.method(globalThis, "fetch", (...args: unknown[]) => {
    asked.push(["fetch", ...args]);
    return Promise.reject(new TypeError("offline"));
  });
  const { source, tick } = stage({ send: undefined } as object);
  source.stats = { ...NO_STATS, peerBytes: 1 };
  tick();
  assert.deepEqual(
    asked.map(([how, url, body]) => [how, url, typeof body]),
    [["sendBeacon", "/visits", "string"]],
  );
  isTaken = false;
  source.stats = { ...NO_STATS, peerBytes: 2 };
  tick();
  const [, , [how, url, init]] = asked as [unknown, unknown, [string, string, RequestInit]];
  assert.deepEqual(
    [how, url, init.method, init.keepalive, init.credentials],
    ["fetch", "/visits", "POST", true, "omit"],
  );
});
