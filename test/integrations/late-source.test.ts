import assert from "node:assert/strict";
import { test } from "node:test";
import { lateSource } from "#sdk/integrations/late-source.ts";
import type { SegmentSource } from "#sdk/integrations/segment-source.ts";

const LINE = { bytesPerSecond: 1000, firstByteMs: 10 };

function sourceOf(answer: string): SegmentSource {
  return { fetch: async () => new Response(answer), line: LINE };
}

/** Replaces the page's own fetch for one test. */
function withPlainFetch(t: { after(run: () => void): void }): string[] {
  const asked: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return new Response("plain");
  };
  t.after(() => {
    globalThis.fetch = fetch;
  });
  return asked;
}

test("a source that is here is taken as it is", () => {
  const source = sourceOf("peers");
  assert.equal(lateSource(source), source);
});

test("a segment waits a moment for a source that arrives, and the next ones find it", async (t) => {
  const asked = withPlainFetch(t);
  let arrive: (source: SegmentSource) => void = () => undefined;
  const late = lateSource(
    new Promise((resolve) => {
      arrive = resolve;
    }),
  );
  assert.equal(late.line, undefined);
  const first = late.fetch("/a", { playback: { dueInMs: 0 } });
  setTimeout(() => arrive(sourceOf("peers")), 20);
  assert.equal(await (await first).text(), "peers");
  assert.equal(await (await late.fetch("/b")).text(), "peers");
  assert.equal(late.line, LINE);
  assert.deepEqual(asked, []);
});

test("a segment that cannot wait comes from the origin, and so do all when the script cannot be loaded", async (t) => {
  const asked = withPlainFetch(t);
  const never = lateSource(new Promise(() => undefined));
  assert.equal(await (await never.fetch("/a", { playback: { dueInMs: 0 } })).text(), "plain");
  const broken = lateSource(Promise.reject(new Error("no script")));
  assert.equal(await (await broken.fetch("/b", { playback: { dueInMs: 60_000 } })).text(), "plain");
  assert.deepEqual(asked, ["/a", "/b"]);
});

test("a segment that waits for a source is aborted at once", async (t) => {
  const asked = withPlainFetch(t);
  const never = lateSource(new Promise(() => undefined));
  const abort = new AbortController();
  const waiting = never.fetch("/a", { signal: abort.signal, playback: { dueInMs: 60_000 } });
  abort.abort(new Error("not any more"));
  await assert.rejects(waiting, /not any more/);
  assert.deepEqual(asked, []);
});
