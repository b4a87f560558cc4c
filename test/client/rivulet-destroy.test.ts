import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { deferred, PIECE_BYTES, settled } from "./support/sample.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";

test("destroy amid a body errors it, ends what runs, and leaves the page its own fetch", async (t) => {
  const { origin, network, visit } = await openSite(t);
  origin.faults.set("/film.bin", { stallAfterBytes: PIECE_BYTES + 10, times: 1 });
  const { rivulet, plain } = visit();
  const response = await rivulet.fetch("/film.bin");
  const reader = response.body?.getReader() ?? assert.fail();
  await reader.read();
  const reading = reader.read();
  await Promise.all([assert.rejects(reading, { code: "destroyed" }), rivulet.destroy()]);
  await rivulet.destroy();
  while (!origin.log.requests("/film.bin").every(({ closed }) => closed)) await settled();
  assert.deepEqual(network.peers, []);
  assert.equal(rivulet.state, "destroyed");
  assert.deepEqual([rivulet.stats.tracker, rivulet.lists("/film.bin")], ["off", false]);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
  assert.deepEqual(plain, ["/film.bin"]);
});

test("destroy between any two steps of a fetch leaves none of them waiting", async (t) => {
  const site = await openSite(t);
  for (const turns of [0, 1, 2, 3, 4, 6, 8, 12, 20, 40]) {
    const { rivulet } = site.visit();
    await rivulet.ready;
    const fetching = rivulet.fetch("/film.bin").then(bytesIn);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    await rivulet.destroy();
    const got = await fetching.catch((error: unknown) => error);
    if (got instanceof RivuletError) assert.equal(got.code, "destroyed");
    else assert.deepEqual(got, FILM);
  }
});

test("destroy while it starts: ready rejects, nothing stays open, and nothing is told", async (t) => {
  const { origin, network, visit } = await openSite(t);
  const opened = deferred();
  const closed = deferred();
  const store = async () => {
    await opened.promise;
    const memory = new MemoryStore({ quotaBytes: MIB });
    mock.method(memory, "close", async () => closed.resolve());
    return memory;
  };
  const visitor = visit({ environment: { store } });
  const early = visitor.rivulet.fetch("/film.bin");
  while (origin.log.requests("/rivulet.json").length === 0) await settled();
  await visitor.rivulet.destroy();
  opened.resolve();
  await assert.rejects(visitor.rivulet.ready, { code: "destroyed" });
  assert.deepEqual(await bytesIn(await early), FILM);
  await closed.promise;
  assert.deepEqual(network.peers, []);
  assert.deepEqual(visitor.events, []);
  const failing = visit();
  origin.files.delete("/rivulet.json");
  await failing.rivulet.destroy();
  await assert.rejects(failing.rivulet.ready, RivuletError);
  assert.deepEqual(failing.events, []);
  assert.equal(failing.rivulet.state, "destroyed");
});
