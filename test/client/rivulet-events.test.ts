import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import type { TrackerEvents } from "#sdk/engine/ports.ts";
import { settled } from "./support/sample.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";

test("the tracker's link and refusals are told, also those of the time while it started", async (t) => {
  const { network, visit } = await openSite(t);
  network.trackerAnswers = false;
  const refusal = new RivuletError("signaling-refused", "This page is not welcome.");
  let told: TrackerEvents | undefined;
  const visitor = visit({
    environment: {
      tracker: (options) => {
        told = options.events;
        options.events.onRefused(refusal);
        return network.tracker(options);
      },
    },
  });
  await visitor.rivulet.ready;
  assert.deepEqual(visitor.of("problem"), [refusal]);
  told?.onUp();
  told?.onDown();
  assert.deepEqual(
    visitor.of("tracker").map(({ state }) => state),
    ["connecting", "up", "down"],
  );
  assert.equal(visitor.rivulet.stats.tracker, "down");
});

test("a store that has a problem is told of, and nothing else breaks", async (t) => {
  const { visit } = await openSite(t);
  const problem = new RivuletError("storage-unavailable", "Pieces are kept in memory only.");
  let wasTold = false;
  const visitor = visit({
    onMade: (rivulet) => {
      rivulet.on("problem", (error) => {
        wasTold = error === problem;
      });
    },
    environment: {
      store: async (_, onProblem) => {
        onProblem(problem);
        return new MemoryStore({ quotaBytes: 64 * MIB });
      },
    },
  });
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), FILM);
  assert.ok(wasTold);
});

test("figures are told when they changed, once each half second at most, and to listeners only", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { visit } = await openSite(t);
  const visitor = visit({ options: { upload: false } });
  await bytesIn(await visitor.rivulet.fetch("/film.bin"));
  assert.equal(visitor.of("stats").length, 0);
  t.mock.timers.tick(499);
  assert.equal(visitor.of("stats").length, 0);
  t.mock.timers.tick(1);
  assert.equal(visitor.of("stats").length, 1);
  assert.equal(visitor.of("stats")[0]?.originBytes, FILM.length);
  t.mock.timers.tick(5000);
  assert.equal(visitor.of("stats").length, 1, "Nothing had changed.");
  await bytesIn(await visitor.rivulet.fetch("/data.json"));
  t.mock.timers.tick(5000);
  assert.equal(visitor.of("stats").length, 2);
  await bytesIn(await visitor.rivulet.fetch("/film.bin"));
  await visitor.rivulet.destroy();
  t.mock.timers.tick(5000);
  assert.equal(visitor.of("stats").length, 2);
});

test("a listener that throws is told of on the console, and neither the others nor the engine notice", async (t) => {
  const { visit } = await openSite(t);
  const names: (keyof RivuletEvents)[] = ["piece", "tracker", "peer-connected", "peer-disconnected", "stats"];
  const angry = () => {
    throw new Error("a bug of the page");
  };
  const onMade = (rivulet: { on(name: keyof RivuletEvents, listener: () => void): unknown }) => {
    for (const name of names) rivulet.on(name, angry);
  };
  const first = visit({ onMade });
  assert.deepEqual(await bytesIn(await first.rivulet.fetch("/film.bin")), FILM);
  const second = visit({ onMade, options: { patienceMs: 60_000, minBytesPerSecond: 1 } });
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  assert.equal(second.rivulet.stats.peerBytes, FILM.length);
  assert.equal(second.of("piece").length, 9, "The page's other listener heard less.");
  const said = t.mock.method(console, "error").mock;
  assert.equal(said.callCount(), 0);
  await first.rivulet.destroy();
  await second.heard("peer-disconnected");
  assert.ok(said.callCount() > 0);
  assert.match(String(said.calls[0]?.arguments[0]), /^\[rivulet\] A listener threw/);
});

test("a listener that throws at a problem does not keep the page from the origin", async (t) => {
  const { visit } = await openSite(t);
  const visitor = visit({
    options: { patienceMs: -1 },
    onMade: (rivulet) =>
      rivulet.on("problem", () => {
        throw new Error("a bug of the page");
      }),
  });
  await assert.rejects(visitor.rivulet.ready, { code: "bad-option" });
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), FILM);
});

test("a listener may destroy it amid an event, and nothing is dialled or sent after that", async (t) => {
  const { network, visit } = await openSite(t);
  const first = visit();
  await bytesIn(await first.rivulet.fetch("/film.bin"));
  const second = visit({ options: { patienceMs: 60_000, minBytesPerSecond: 1 } });
  second.rivulet.on("peer-connected", () => void second.rivulet.destroy());
  // Whether the fetch had begun by then is a matter of luck; it ends either way.
  const got = await second.rivulet.fetch("/film.bin").then(bytesIn, (error: unknown) => error);
  if (got instanceof RivuletError) assert.equal(got.code, "destroyed");
  else assert.deepEqual(got, FILM);
  await first.heard("peer-disconnected");
  await settled();
  assert.deepEqual(network.peers, [first.rivulet.stats.peer]);
});

test("a removed listener hears nothing more", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet } = visit();
  const heard: string[] = [];
  const remove = rivulet.on("piece", () => heard.push("removed"));
  const off = () => heard.push("off");
  rivulet.on("piece", off);
  remove();
  rivulet.off("piece", off);
  await bytesIn(await rivulet.fetch("/film.bin"));
  assert.deepEqual(heard, []);
});
