import assert from "node:assert/strict";
import { test } from "node:test";
import { Consent } from "#sdk/integrations/site/consent.ts";
import { deferred, settled } from "../../client/support/sample.ts";
import { bytesIn } from "../../client/support/site.ts";
import { FILM_BYTES, openBrowser, until } from "./support/browser.ts";

test("a tab that was just made is asked at once", async (t) => {
  const { open, plain } = openBrowser(t);
  assert.deepEqual(await bytesIn(await open().fetch("/film.bin")), FILM_BYTES);
  assert.deepEqual(plain, []);
});

test("before the visitor agrees nothing is joined, and the page fetches as without it", async (t) => {
  const { open, locks, engines, plain } = openBrowser(t);
  const consent = new Consent();
  const tab = open({ consent: consent.given });
  let isReady = false;
  void tab.ready.then(() => {
    isReady = true;
  });
  assert.equal(await (await tab.fetch("/film.bin")).text(), "the origin's own");
  await settled();
  assert.deepEqual(
    [locks.requests, engines.length, isReady, tab.state, tab.role],
    [0, 0, false, "starting", undefined],
  );
  assert.deepEqual([plain, tab.lists("/film.bin"), consent.isGiven], [["/film.bin"], false, false]);

  consent.give();
  await tab.ready;
  assert.deepEqual([tab.role, consent.isGiven], ["leader", true]);
  assert.deepEqual(await bytesIn(await tab.fetch("/film.bin")), FILM_BYTES);
});

test("a tab that was destroyed before the visitor agreed does not join when they do", async (t) => {
  const { open, locks } = openBrowser(t);
  const consent = new Consent();
  const tab = open({ consent: consent.given });
  await tab.destroy();
  consent.give();
  await settled();
  assert.equal(locks.requests, 0);
  await assert.rejects(tab.ready, { code: "destroyed" });
});

test("a destroyed tab's fetch is the page's own, and nobody waits for it any more", async (t) => {
  const browser = openBrowser(t);
  browser.next.starts = false;
  const tab = browser.open();
  const waiting = tab.fetch("/film.bin");
  await until(() => browser.engines.length > 0);
  await tab.destroy();
  assert.equal(await (await waiting).text(), "the origin's own");
  assert.equal(await (await tab.fetch("/film.bin")).text(), "the origin's own");
  await assert.rejects(tab.ready, { code: "destroyed" });
  assert.deepEqual([tab.state, tab.role, browser.engines[0]?.state], ["destroyed", undefined, "destroyed"]);
  // Once more is no harm.
  await tab.destroy();
});

test("a leader that is destroyed while its engine starts leaves no follower behind", async (t) => {
  const browser = openBrowser(t);
  browser.next.starts = false;
  const leader = browser.open();
  const follower = browser.open();
  await until(() => browser.engines.length > 0);
  await settled();
  browser.next.starts = true;
  await leader.destroy();
  await follower.ready;
  assert.equal(follower.role, "leader");
});

test("a tab that is destroyed while the engine's script is on its way makes no engine", async (t) => {
  const { open, engines } = openBrowser(t);
  const script = deferred<never>();
  let asked = false;
  const loadEngine = () => {
    asked = true;
    return script.promise;
  };
  const tab = open({ loadEngine });
  await until(() => asked);
  await tab.destroy();
  script.resolve((() => assert.fail()) as never);
  await settled();
  assert.equal(engines.length, 0);
  const next = open();
  await next.ready;
  assert.equal(next.role, "leader");
});

test("where tabs cannot hear each other, or there are no locks, each has an engine", async (t) => {
  const { open, engines } = openBrowser(t);
  const tabs = [open({ locks: undefined }), open({ locks: undefined })];
  await Promise.all(tabs.map(({ ready }) => ready));
  assert.deepEqual(
    tabs.map(({ role }) => role),
    ["leader", "leader"],
  );
  assert.equal(engines.length, 2);
});

test("a bad URL and an aborted signal fail as the page's own fetch would", async (t) => {
  const { open } = openBrowser(t);
  const tab = open();
  const reason = new Error("The visitor went on.");
  await assert.rejects(tab.fetch("/film.bin", { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(tab.fetch("https://"), TypeError);
});

test("a listener that was taken off hears nothing more", async (t) => {
  const { open, engines } = openBrowser(t);
  const tab = open();
  const heard: string[] = [];
  const listener = ({ path }: { readonly path: string }) => heard.push(path);
  tab.on("piece", listener);
  const stop = tab.on("piece", ({ path }) => heard.push(`again ${path}`));
  await tab.ready;
  const emit = (path: string) =>
    engines[0]?.emitter.emit("piece", { path, bytes: 1, source: { from: "store" } });
  emit("a");
  tab.off("piece", listener);
  emit("b");
  stop();
  emit("c");
  assert.deepEqual(heard, ["a", "again a", "again b"]);
});

test("a page that goes into the browser's cache of pages hands over, and begins anew when it comes back", async (t) => {
  const { open, engines } = openBrowser(t);
  const page = new EventTarget();
  const tab = within(page, () => open());
  await tab.ready;
  page.dispatchEvent(new Event("pagehide"));
  await until(() => engines[0]?.state === "destroyed");
  assert.equal(tab.role, undefined);
  const other = open();
  await other.ready;
  assert.equal(other.role, "leader");
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  assert.equal(tab.role, undefined);
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await until(() => tab.state === "running");
  assert.deepEqual(await bytesIn(await tab.fetch("/film.bin")), FILM_BYTES);
  await within(page, () => tab.destroy());
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  assert.equal(tab.role, undefined);
});

/** Does something on a page whose own events are these. Node has none. */
function within<T>(page: EventTarget, act: () => T): T {
  const names = ["addEventListener", "removeEventListener"] as const;
  for (const name of names) Object.assign(globalThis, { [name]: page[name].bind(page) });
  try {
    return act();
  } finally {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  }
}
