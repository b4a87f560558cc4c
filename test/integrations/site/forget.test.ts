import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { forget } from "#sdk/integrations/site/forget.ts";
import { openBrowser } from "./support/browser.ts";

/** Of the database in which everything is: how often it was emptied. */
const cleared: string[] = [];

/** As much of IndexedDB as emptying a database takes. */
function database(name: string) {
  const transaction: { oncomplete?: () => void } = {};
  const clear = () => {
    cleared.push(name);
    queueMicrotask(() => transaction.oncomplete?.());
  };
  const objectStore = () => ({ clear, transaction });
  const request: { result: object; onsuccess?: () => void } = {
    result: { transaction: () => ({ objectStore }) },
  };
  queueMicrotask(() => request.onsuccess?.());
  return request;
}

function forbidden(): never {
  throw new DOMException("Storage is forbidden.", "SecurityError");
}

/** A browser with these workers. */
function browserWith(t: TestContext, workers: readonly (string | undefined)[], open: typeof database) {
  const unregistered: (string | undefined)[] = [];
  const registrations = workers.map((scriptURL) => ({
    active: scriptURL === undefined ? null : { scriptURL },
    unregister: async () => unregistered.push(scriptURL),
  }));
  const globals = {
    navigator: { serviceWorker: { getRegistrations: async () => registrations } },
    indexedDB: { open },
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  cleared.length = 0;
  t.after(() => {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
    if (before) Object.defineProperty(globalThis, "navigator", before);
  });
  return { globals, unregistered };
}

// The first of these tests: an opened database is not opened again.
test("where storage is forbidden the rest is forgotten all the same", async (t) => {
  const own = "https://site.example/rivulet-sw.js";
  const { unregistered } = browserWith(t, [own], forbidden);
  await forget(undefined);
  assert.deepEqual(unregistered, [own]);
});

test("this page's part ends, what is stored goes, and Rivulet's own workers alone are unregistered", async (t) => {
  const own = ["https://site.example/rivulet-sw.js", "https://site.example/a/rivulet-sw.js?v=2"];
  const others = ["https://site.example/sw.js", "https://site.example/rivulet-sw/other.js", undefined];
  const { unregistered } = browserWith(t, [...own, ...others], database);
  const { open } = openBrowser(t);
  const current = open();
  await current.ready;
  await forget(current);
  assert.equal(current.state, "destroyed");
  assert.deepEqual(unregistered, own);
  assert.deepEqual(cleared, ["rivulet"]);
});

test("a page without an instance, and a browser without workers, can forget too", async (t) => {
  const { globals } = browserWith(t, [], database);
  Reflect.deleteProperty(globals.navigator, "serviceWorker");
  await forget(undefined);
  assert.deepEqual(cleared, ["rivulet"]);
});
