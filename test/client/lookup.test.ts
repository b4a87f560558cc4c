import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Lookup } from "#sdk/client/lookup.ts";
import type { Serves } from "#sdk/client/served-resources.ts";
import { following, segmentUrl, watched } from "./support/live-stage.ts";
import { settled } from "./support/sample.ts";

async function lookup(
  t: TestContext,
  options: { live?: boolean; mediaQuery?: "ignore" | "match"; serves?: Serves } = {},
) {
  const { mediaQuery = "ignore", ...given } = options;
  const stage = await following(t, given);
  const one = new Lookup({ ...stage.parts, mediaQuery });
  /** `dueInMs`: of media. */
  const look = (segment: number, dueInMs?: number, query = "") => {
    const playback = dueInMs === undefined ? undefined : { dueInMs };
    return watched(one.find(segmentUrl(segment) + query, { signal: undefined, playback }));
  };
  return { ...stage, look };
}

test("media is found whatever its query, and a file, or media whose query matters, only with its own", async (t) => {
  const found = async (mediaQuery: "ignore" | "match", dueInMs?: number) => {
    const { look } = await lookup(t, { live: false, mediaQuery });
    t.mock.timers.reset();
    const [bare, signed] = [look(0, dueInMs), look(0, dueInMs, "?token=1")];
    await settled();
    return [bare.found, signed.found];
  };
  assert.deepEqual(await found("ignore", 0), [0, 0]);
  assert.deepEqual(await found("ignore"), [0, undefined]);
  assert.deepEqual(await found("match", 0), [0, undefined]);
});

test("what a fixed manifest does not list is not looked for again", async (t) => {
  const { look, publish, pass, asked } = await lookup(t, { live: false });
  await publish(2);
  const one = look(1, 60_000);
  await settled();
  assert.equal(one.found, undefined);
  await pass(1000);
  assert.equal(asked.length, 0);
});

test("media of a live stream is looked for in later manifests, whether its query matters or not", async (t) => {
  for (const mediaQuery of ["ignore", "match"] as const) {
    const { look, publish, pass } = await lookup(t, { mediaQuery });
    const [bare, signed] = [look(1, 60_000), look(1, 60_000, "?token=1")];
    await pass(100);
    assert.deepEqual([bare.found, signed.found], ["looking", "looking"]);
    await publish(2);
    await pass(300);
    assert.deepEqual([bare.found, signed.found], [1, mediaQuery === "ignore" ? 1 : "looking"]);
    t.mock.timers.reset();
  }
});

test("a file is not looked for in later manifests", async (t) => {
  const { look, pass, asked } = await lookup(t);
  const one = look(1);
  await settled();
  assert.equal(one.found, undefined);
  await pass(1000);
  assert.equal(asked.length, 0);
});

test("the later media is due the longer it is looked for, a part of that time, and not for long", async (t) => {
  const lookedForMs = async (dueInMs: number) => {
    const { look, pass } = await lookup(t);
    const one = look(1, dueInMs);
    let ms = 0;
    await settled();
    for (; one.found === "looking"; ms += 10) await pass(10);
    t.mock.timers.reset();
    return ms;
  };
  assert.equal(await lookedForMs(0), 0);
  const [soon, later, late] = [await lookedForMs(1000), await lookedForMs(3000), await lookedForMs(1e9)];
  assert.ok(soon > 0 && soon <= 500 && later > soon && later <= 1500, `${soon} ms, ${later} ms`);
  assert.ok(late >= later && late < 5000, `${late} ms`);
});

test("media of a live stream that is left to the browser is not waited for", async (t) => {
  const { look, pass, asked } = await lookup(t, { serves: (url) => !url.includes("/1.ts") });
  const [left, signed] = [look(1, 60_000), look(1, 60_000, "?token=1")];
  await settled();
  assert.deepEqual([left.found, signed.found], [undefined, undefined]);
  await pass(1000);
  assert.equal(asked.length, 0);
});

test("media of a live stream that is listed as too small is waited for no longer", async (t) => {
  const { look, publish, pass } = await lookup(t, { serves: (_url, sizeBytes = 100) => sizeBytes >= 100 });
  const one = look(1, 60_000, "?token=1");
  await pass(100);
  assert.equal(one.found, "looking");
  await publish(2);
  await pass(300);
  assert.equal(one.found, undefined);
});
