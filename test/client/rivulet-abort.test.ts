import assert from "node:assert/strict";
import { test } from "node:test";
import { PIECE_BYTES, settled } from "./support/sample.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";

test("a signal that has aborted rejects with its reason, and asks nobody", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet } = visit();
  await rivulet.ready;
  const reason = new Error("not wanted");
  await assert.rejects(rivulet.fetch("/film.bin", { signal: AbortSignal.abort(reason) }), reason);
  const plain = AbortSignal.abort();
  await assert.rejects(rivulet.fetch("/film.bin", { signal: plain }), { name: "AbortError" });
  assert.equal(origin.log.requests("/film.bin").length, 0);
});

test("an abort while it starts, or right after it was asked, rejects with the reason", async (t) => {
  const { origin, visit } = await openSite(t);
  const reason = new Error("enough");
  origin.faults.set("/film.bin", { silent: true });
  const { rivulet } = visit();
  for (const turns of [0, 1, 2, 3, 5, 8, 20]) {
    const abort = new AbortController();
    const fetching = rivulet.fetch("/film.bin", { signal: abort.signal });
    for (let i = 0; i < turns; i++) await Promise.resolve();
    abort.abort(reason);
    await assert.rejects(fetching, reason, `after ${turns} turns`);
    if (turns === 0) await rivulet.ready;
  }
  assert.equal(rivulet.stats.originBytes, 0);
});

test("an abort amid the body errors it with the reason, and stops the origin", async (t) => {
  const { origin, visit } = await openSite(t);
  origin.faults.set("/film.bin", { stallAfterBytes: PIECE_BYTES + 10 });
  const { rivulet } = visit();
  const abort = new AbortController();
  const response = await rivulet.fetch("/film.bin", { signal: abort.signal });
  const reader = response.body?.getReader() ?? assert.fail();
  assert.deepEqual((await reader.read()).value, FILM.slice(0, PIECE_BYTES));
  const reading = reader.read();
  const reason = new Error("seen enough");
  abort.abort(reason);
  await assert.rejects(reading, reason);
  await assert.rejects(reader.read(), reason);
  while (!origin.log.requests("/film.bin").every(({ closed }) => closed)) await settled();
});

test("an abort after the last byte changes nothing", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet } = visit();
  const abort = new AbortController();
  const body = await bytesIn(await rivulet.fetch("/film.bin", { signal: abort.signal }));
  abort.abort();
  assert.deepEqual(body, FILM);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
});

test("cancelling the body stops the origin, and the next fetch works", async (t) => {
  const { origin, visit } = await openSite(t);
  origin.faults.set("/film.bin", { stallAfterBytes: PIECE_BYTES + 10, times: 1 });
  const { rivulet } = visit();
  const response = await rivulet.fetch("/film.bin");
  await response.body?.cancel();
  while (!origin.log.requests("/film.bin").every(({ closed }) => closed)) await settled();
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
});
