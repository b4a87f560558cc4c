import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { Passing } from "#sdk/integrations/site/passing.ts";
import { deferred, settled } from "../../client/support/sample.ts";
import { answered, bytesOfAnswer, PATIENT_MS } from "../../client/tabs/support/relay.ts";
import { FILM, FILM_BYTES, until } from "./support/browser.ts";
import { linkedPage, MANIFEST, WORKER_URL, workerEnd } from "./support/fake-container.ts";
import { FakeEngine } from "./support/fake-engine.ts";

const READY = { ready: Promise.resolve(), role: "follower" } as const;

function engineOf({ starts = true } = {}): FakeEngine {
  const engine = new FakeEngine(new Map([[FILM, FILM_BYTES]]), 1);
  if (starts) engine.start();
  return engine;
}

/** A page that leads, with the worker's end of the line to it. */
async function leadingPage(t: TestContext, passing?: Pick<Passing, "has">) {
  const page = linkedPage(t);
  const engine = engineOf();
  const stop = page.lead(engine, passing);
  await until(() => page.container.ports.length === 1);
  const [port] = page.container.ports as [MessagePort];
  return { ...page, engine, stop, ...workerEnd(port) };
}

test("the worker is registered, and asked to take a page that was there before it", async (t) => {
  const { container, link } = linkedPage(t, { controlled: false });
  assert.deepEqual([container.registered, container.started], [[WORKER_URL], true]);
  await until(() => container.types.includes("claim"));
  assert.deepEqual(container.told, [{ rivulet: "claim", media: [FILM], keep: false }]);
  container.control();
  assert.equal(await link.serves(READY), true);
});

test("a page that the worker has already need not be taken", async (t) => {
  const { container, link } = linkedPage(t);
  assert.equal(await link.serves(READY), true);
  assert.deepEqual(container.types, []);
});

test("a worker that does not take the page is not waited for", async (t) => {
  const { link } = linkedPage(t, { controlled: false });
  assert.equal(await link.serves(READY), false);
});

test("a worker that cannot be registered is complained of, and the page goes without", async (t) => {
  const { link, complaints } = linkedPage(t, { controlled: false, refusal: "Bad MIME type" });
  assert.equal(await link.serves(READY), false);
  assert.match(complaints.join(), /worker-unavailable.*Bad MIME type.*Serve rivulet-sw\.js there/);
});

test("a page introduces itself when its engine runs, and not before", async (t) => {
  const { container, lead } = linkedPage(t);
  const engine = engineOf({ starts: false });
  lead(engine);
  await settled();
  container.say({ rivulet: "who" });
  assert.deepEqual(container.types, []);
  engine.start();
  await until(() => container.ports.length === 1);
  assert.deepEqual(container.told, [
    { rivulet: "lead", manifest: MANIFEST, catalogue: engine.catalogue(), keep: false },
  ]);
});

test("a page introduces itself again to a worker that asks who leads, and to another worker", async (t) => {
  const { container, engine, asks, post } = await leadingPage(t);
  const asking = asks.ask({ url: FILM, range: null }, PATIENT_MS);
  await answered(asking);
  container.say({ rivulet: "who" });
  container.control();
  for (const foreign of [undefined, null, "who", { type: "who" }, { rivulet: "other" }])
    container.say(foreign);
  assert.deepEqual(container.types, ["lead", "lead", "lead"]);
  // Only the last port is heard.
  post({ type: "used", url: FILM, start: 0, end: 1, from: "store" });
  const last = workerEnd(container.ports[2] ?? assert.fail());
  last.post({ type: "used", url: FILM, start: 0, end: 2, from: "store" });
  await until(() => engine.usedParts.length > 0);
  assert.deepEqual(engine.usedParts, [[FILM, 0, 2, "store"]]);
  asks.close();
});

test("an engine that cannot run makes the page say so, so that nobody waits for it", async (t) => {
  const { container, link, lead } = linkedPage(t);
  const engine = engineOf({ starts: false });
  lead(engine);
  engine.fail(new RivuletError("manifest-unreachable", "Serve it."));
  await until(() => container.types.includes("leave"));
  assert.deepEqual(container.told, [{ rivulet: "leave", manifest: MANIFEST }]);
  assert.equal(await link.serves({ ready: Promise.reject(engine.error), role: undefined }), false);
  assert.equal(container.types.at(-1), "leave");
});

test("a leading page's elements wait until the worker says that it answers", async (t) => {
  const { link, post } = await leadingPage(t);
  let isServing = false;
  const serving = link.serves({ ready: Promise.resolve(), role: "leader" }).then((serves) => {
    isServing = true;
    return serves;
  });
  await settled();
  assert.equal(isServing, false);
  post({ type: "serving" });
  assert.equal(await serving, true);
});

test("what the worker asks for is answered by the engine, byte for byte", async (t) => {
  const { engine, asks } = await leadingPage(t);
  const whole = await answered(asks.ask({ url: FILM, range: null }, PATIENT_MS));
  assert.deepEqual(await bytesOfAnswer(whole), [...FILM_BYTES]);
  const part = await answered(asks.ask({ url: FILM, range: "bytes=100-199" }, PATIENT_MS));
  assert.deepEqual([part.status, part.headers.get("content-range")], [206, "bytes 100-199/12345"]);
  assert.deepEqual(await bytesOfAnswer(part), [...FILM_BYTES.slice(100, 200)]);
  assert.equal(await asks.ask({ url: `${FILM}?other`, range: null }, PATIENT_MS), undefined);
  assert.equal(engine.asked.length, 3);
});

test("what this page is asking the origin for, for want of a better answer, the worker is not told to ask it for", async (t) => {
  const passing = new Passing();
  const { engine, asks } = await leadingPage(t, passing);
  const answer = deferred();
  const ways = [`${FILM}#t=10`, FILM.replace("film", "fil%6D")];
  const passed = ways.map((url) => passing.with(url, () => answer.promise));
  assert.equal(await asks.ask({ url: FILM, range: null }, PATIENT_MS), undefined);
  assert.equal(engine.asked.length, 0);
  answer.resolve();
  await Promise.all(passed);
  await assert.rejects(passing.with(FILM, () => Promise.reject(new TypeError("The origin is down."))));
  (await answered(asks.ask({ url: FILM, range: null }, PATIENT_MS))).cancel();
  assert.equal(passing.has(FILM), false);
});

test("what the network brought is adopted and counted, and what the store had is used", async (t) => {
  const { engine, post } = await leadingPage(t);
  post({ type: "adopt", url: FILM, offset: 100, bytes: FILM_BYTES.slice(100, 300) });
  post({ type: "used", url: FILM, start: 5, end: 9, from: "store" });
  await until(() => engine.usedParts.length === 2);
  assert.deepEqual(engine.adopted, [[FILM, 100, FILM_BYTES.slice(100, 300)]]);
  assert.deepEqual(engine.usedParts, [
    [FILM, 100, 300, "origin"],
    [FILM, 5, 9, "store"],
  ]);
});

test("a page that leads no more takes its leave, and answers nothing more", async (t) => {
  const { container, engine, stop, asks } = await leadingPage(t);
  engine.stopsAt = 5000;
  await answered(asks.ask({ url: FILM, range: null }, PATIENT_MS));
  stop();
  assert.deepEqual(container.types, ["lead", "leave"]);
  assert.equal(engine.inits[0]?.signal?.aborted, true);
  container.say({ rivulet: "who" });
  container.control();
  assert.deepEqual(container.types, ["lead", "leave"]);
  asks.close();
});

test("what is listed is written down for a worker that begins anew, unless nothing may be stored", async (t) => {
  const opened: string[] = [];
  const open = (name: string) => ({ opened: opened.push(name) });
  Object.assign(globalThis, { indexedDB: { open } });
  t.after(() => Reflect.deleteProperty(globalThis, "indexedDB"));
  for (const keep of [false, true]) {
    const { container, lead } = linkedPage(t, { keep });
    lead(engineOf());
    await until(() => container.ports.length === 1);
    assert.equal(opened.length, keep ? 1 : 0);
  }
  // Of a live stream nothing is listed.
  const { container, lead } = linkedPage(t, { keep: true });
  const engine = engineOf();
  engine.catalogue = () => ({ content: "", entries: [] });
  lead(engine);
  await until(() => container.ports.length === 1);
  assert.equal(opened.length, 1);
});
