import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { LiveManifest } from "#sdk/client/live-manifest.ts";
import { following, segmentUrl, watched } from "./support/live-stage.ts";
import { STREAM, settled } from "./support/sample.ts";

async function looking(t: TestContext) {
  const stage = await following(t);
  const live = new LiveManifest({ ...stage.parts, find: (url) => stage.catalog.findPath(url) });
  const look = (segment: number, withinMs: number, signal?: AbortSignal) =>
    watched(live.find(segmentUrl(segment), stage.now() + withinMs, signal));
  return { ...stage, look };
}

test("what is listed is found at once, and asks for nothing", async (t) => {
  const { look, asked } = await looking(t);
  const one = look(0, 1000);
  await settled();
  assert.deepEqual([one.found, asked.length], [0, 0]);
});

test("a segment that is listed later is found as soon as it is, and the engine is told that the content grew", async (t) => {
  const { look, pass, publish, inputs, catalog } = await looking(t);
  const one = look(1, 3000);
  await pass(600);
  assert.equal(one.found, "looking");
  inputs.length = 0;
  await publish(2);
  await pass(300);
  assert.equal(one.found, 1);
  assert.deepEqual(inputs, [{ type: "content-grew", content: catalog.content }]);
});

test("who looks in vain gives up in time", async (t) => {
  const { look, pass } = await looking(t);
  const one = look(1, 1000);
  await pass(990);
  assert.equal(one.found, "looking");
  await pass(20);
  assert.equal(one.found, undefined);
});

test("who cannot wait is told at once, and has the manifest brought up to date for the next one", async (t) => {
  const { look, pass, publish, asked } = await looking(t);
  await publish(3);
  const one = look(1, 0);
  await settled();
  assert.equal(one.found, undefined);
  await pass(50);
  const next = look(2, 0);
  await settled();
  assert.deepEqual([next.found, asked.length], [2, 1]);
});

test("however many look, one manifest is fetched at a time, a few times a second at most, past the cache", async (t) => {
  const { look, pass, asked } = await looking(t);
  const many = Array.from({ length: 20 }, (_, n) => look(n + 1, 1000));
  await pass(0);
  assert.equal(asked.length, 1);
  await pass(900);
  assert.ok(asked.length >= 3 && asked.length <= 5, `${asked.length} in a second`);
  assert.ok(asked.every(({ cache }) => cache === "no-cache"));
  await pass(200);
  assert.ok(many.every(({ found }) => found === undefined));
  const before = asked.length;
  await pass(5000);
  assert.ok(asked.length <= before + 1, "nobody looks: nothing is fetched");
});

test("a manifest that is slow to come holds nobody longer than he can wait", async (t) => {
  const { look, pass, published } = await looking(t);
  Object.defineProperty(published, "text", { get: () => new ReadableStream({ start: () => undefined }) });
  const one = look(1, 500);
  await pass(510);
  assert.equal(one.found, undefined);
});

test("a manifest of another stream is told once as a problem, and nobody looks any more", async (t) => {
  const { look, pass, publish, problems, inputs, asked } = await looking(t);
  await publish(2, STREAM.replace("BwcH", "BwcI"));
  const both = [look(1, 3000), look(2, 3000)];
  await pass(20);
  assert.deepEqual(both, [{ found: undefined }, { found: undefined }]);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["stale-manifest"],
  );
  const before = asked.length;
  assert.deepEqual([look(0, 3000), look(3, 3000)].length, 2);
  await pass(2000);
  assert.deepEqual([asked.length, problems.length, inputs.length], [before, 1, 0]);
});

test("a manifest that cannot be had, or is none, is no problem: the next one is looked at", async (t) => {
  const { look, pass, publish, published, problems } = await looking(t);
  const one = look(1, 5000);
  published.status = 503;
  await pass(600);
  published.status = 200;
  published.text = "<!doctype html>";
  await pass(600);
  assert.equal(one.found, "looking");
  await publish(2);
  await pass(300);
  assert.equal(one.found, 1);
  assert.deepEqual(problems, []);
});

test("a later manifest that is not signed is told once as a problem, and not used: the next one is looked at", async (t) => {
  const stage = await following(t);
  // In one turn, as the hasher's; what WebCrypto really answers is told by the tests of the signature.
  const { subtle } = globalThis.crypto;
  t.mock.method(subtle, "importKey", async () => ({}));
  t.mock.method(subtle, "verify", async () => false);
  const file = { ...stage.parts.file, key: "A".repeat(43) };
  const live = new LiveManifest({ ...stage.parts, file, find: (url) => stage.catalog.findPath(url) });
  await stage.publish(2);
  const one = watched(live.find(segmentUrl(1), stage.now() + 1000, undefined));
  await stage.pass(900);
  assert.deepEqual([one.found, stage.inputs.length], ["looking", 0]);
  assert.ok(stage.asked.length >= 3, `${stage.asked.length} looks`);
  assert.deepEqual(
    stage.problems.map(({ code }) => code),
    ["manifest-untrusted"],
  );
});

test("who is no longer interested waits no longer, and the others do", async (t) => {
  const { look, pass, publish } = await looking(t);
  const abort = new AbortController();
  const [gone, stays] = [look(1, 3000, abort.signal), look(1, 3000)];
  await pass(100);
  abort.abort(new Error("enough"));
  await settled();
  assert.deepEqual([gone.found, stays.found], ["enough", "looking"]);
  await publish(2);
  await pass(300);
  assert.equal(stays.found, 1);
});
