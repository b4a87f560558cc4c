import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import type { WorkerMessage } from "#sdk/integrations/worker/messages.ts";
import { deferred, settled } from "../../client/support/sample.ts";
import { answered, PATIENT_MS } from "../../client/tabs/support/relay.ts";
import { until } from "../site/support/browser.ts";
import { FILM, MANIFEST, openWorker } from "./support/worker-stage.ts";

const QUESTION = { url: FILM, range: null };
const endless = async () => new Response(new ReadableStream());
const silent = () => new Promise<undefined>(() => undefined);

test("the page that leads is told that it is heard, and asked", async (t) => {
  const { leaders, lead } = openWorker(t);
  assert.equal(leaders.get(MANIFEST), undefined);
  const page = lead("a", async () => new Response("answer"));
  const leader = leaders.get(MANIFEST);
  assert.equal(leader?.client, "a");
  assert.equal((await answered(leader?.asks.ask(QUESTION, PATIENT_MS) ?? assert.fail())).status, 200);
  assert.deepEqual(page.heard[0], { type: "serving" });
  assert.deepEqual(page.asked, [[FILM, null]]);
  assert.equal(leaders.get("https://site.example/other.json"), undefined);
});

test("a worker that begins asks all open pages who leads, once", async (t) => {
  const { leaders, lead, pages } = openWorker(t, ["a", "b"]);
  let came = 0;
  void leaders.came.then(() => came++);
  await settled();
  assert.deepEqual([...pages.open.values()], [[{ rivulet: "who" }], [{ rivulet: "who" }]]);
  assert.equal(came, 0);
  const { open } = pages;
  const b = open.get("b");
  lead("a");
  leaders.left(MANIFEST, "a");
  await settled();
  assert.deepEqual([came, b?.length], [1, 1]);
});

test("whoever waits for a leader hears of each that comes", async (t) => {
  const { leaders, lead } = openWorker(t);
  lead("a");
  const coming = leaders.came;
  lead("b");
  await coming;
  assert.equal(leaders.get(MANIFEST)?.client, "b");
});

test("only the page that leads can take leave of that, and its answers break off", async (t) => {
  const { leaders, lead } = openWorker(t);
  lead("a", silent);
  const asking = leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS);
  leaders.left(MANIFEST, "b");
  assert.equal(leaders.get(MANIFEST)?.client, "a");
  leaders.left(MANIFEST, "a");
  assert.equal(await asking, "gone");
  assert.equal(leaders.get(MANIFEST), undefined);
});

test("a page that introduces itself anew goes on from there", async (t) => {
  const { leaders, lead } = openWorker(t);
  const before = deferred<Response>();
  const first = lead("a", () => before.promise);
  const asking = leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS);
  await until(() => first.asked.length === 1);
  const second = lead("a", async () => new Response("answer"));
  assert.equal(await asking, "gone");
  const asked = leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS) ?? assert.fail();
  assert.equal((await answered(asked)).status, 200);
  assert.deepEqual([first.asked.length, second.asked.length], [1, 1]);
});

test("what came from the network before anybody led waits for who does, up to 24 MiB", async (t) => {
  const { leaders, lead } = openWorker(t);
  const [other, third] = ["other", "third"].map((name) => `https://site.example/${name}.json`) as [
    string,
    string,
  ];
  const adopt = (bytes: number, offset: number, manifest = MANIFEST) =>
    leaders.adopt({ manifest, url: FILM, offset, bytes: new Uint8Array(bytes) });
  const told = ({ heard }: ReturnType<typeof lead>) =>
    heard
      .filter((message): message is Extract<WorkerMessage, { type: "adopt" }> => message.type === "adopt")
      .map(({ offset, bytes }) => [offset, bytes.byteLength]);
  for (let offset = 0; offset < 4; offset++) adopt(7 * MIB, offset);
  adopt(3 * MIB, 4, other);
  adopt(1, 5);
  const page = lead("a");
  await until(() => told(page).length === 3);
  // From here on there is no need to wait.
  adopt(5, 6);
  leaders.used(MANIFEST, { url: FILM, start: 1, end: 2, from: "store" });
  await until(() => page.heard.at(-1)?.type === "used");
  assert.deepEqual(told(page), [
    [0, 7 * MIB],
    [1, 7 * MIB],
    [2, 7 * MIB],
    [6, 5],
  ]);
  // Those of another manifest wait on, and there is room again.
  adopt(20 * MIB, 7, third);
  adopt(2 * MIB, 8, third);
  const others = [lead("b", undefined, other), lead("c", undefined, third)];
  await until(() => others.every(({ heard }) => heard.length === 2));
  assert.deepEqual(others.map(told), [[[4, 3 * MIB]], [[7, 20 * MIB]]]);
});

test("what the worker read before anybody led is told to who does", async (t) => {
  const { leaders, lead } = openWorker(t);
  const used = { url: FILM, start: 0, end: 9, from: "store" } as const;
  leaders.used(MANIFEST, used);
  const page = lead("a", silent);
  await until(() => page.heard.length >= 2);
  assert.deepEqual(page.heard, [{ type: "serving" }, { type: "used", ...used }]);
});

test("the answers of a page that is gone break off while they are under way", async (t) => {
  const { leaders, lead, pages } = openWorker(t);
  lead("a", endless);
  const asking = leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS) ?? assert.fail();
  const answer = await answered(asking);
  leaders.watch();
  leaders.watch();
  let failed = false;
  const reading = answer.read();
  reading.catch(() => {
    failed = true;
  });
  await until(() => pages.looks >= 2);
  assert.equal(failed, false);
  pages.open.delete("a");
  await assert.rejects(reading, /gone/);
  assert.equal(leaders.get(MANIFEST), undefined);
});

test("a page that takes over while it is looked whether the one before is there leads on", async (t) => {
  const { leaders, lead, pages } = openWorker(t);
  lead("a", endless);
  void leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS);
  const looked = deferred();
  const [began, begin] = [deferred(), pages.get.bind(pages)];
  pages.get = async (id) => {
    began.resolve();
    await looked.promise;
    return begin(id);
  };
  leaders.watch();
  await began.promise;
  pages.open.delete("a");
  lead("b");
  looked.resolve();
  await settled();
  assert.equal(leaders.get(MANIFEST)?.client, "b");
});

test("nobody looks after pages that owe no answer", async (t) => {
  const { leaders, lead, pages } = openWorker(t);
  lead("a", endless);
  const asking = leaders.get(MANIFEST)?.asks.ask(QUESTION, PATIENT_MS) ?? assert.fail();
  const answer = await answered(asking);
  leaders.watch();
  await until(() => pages.looks === 1);
  answer.cancel();
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(pages.looks, 1);
});
