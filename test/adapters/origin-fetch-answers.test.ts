import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { FetchOrigin } from "#sdk/adapters/origin-fetch.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { assertBytes, assertFailed, FILE, fetchAll, PATH } from "../contract/origin.ts";
import { startTestOrigin, type TestOrigin } from "../support/test-origin.ts";

const parts = { random: seededRandom(1), sleep: async () => {} };

async function withOrigin(
  run: (given: { origin: FetchOrigin; server: TestOrigin; url: string }) => Promise<void>,
): Promise<void> {
  const server = await startTestOrigin({ files: new Map([[PATH, FILE]]) });
  try {
    await run({ origin: new FetchOrigin(parts), server, url: server.url + PATH });
  } finally {
    await server.close();
  }
}

/** An origin whose server gives these answers, one after the other, and what it was asked. */
function scripted(answers: readonly (() => Response)[]): { origin: FetchOrigin; ranges: (string | null)[] } {
  const ranges: (string | null)[] = [];
  const left = [...answers];
  const fetch = async (_url: string, init: RequestInit) => {
    ranges.push(new Headers(init.headers).get("range"));
    return left.shift()?.() ?? assert.fail("It asked once more than expected.");
  };
  return { origin: new FetchOrigin({ ...parts, fetch }), ranges };
}

const url = "https://site.example/film.bin";

/** A 206 for bytes [start, end), with headers changed or (undefined) left out. */
function part(start: number, end: number, headers: Record<string, string> = {}): () => Response {
  const range = { "Content-Range": `bytes ${start}-${end - 1}/${FILE.length}` };
  return () => new Response(FILE.slice(start, end), { status: 206, headers: { ...range, ...headers } });
}

function whole(headers: Record<string, string> = {}, bytes: Uint8Array<ArrayBuffer> = FILE): () => Response {
  return () => new Response(bytes, { headers });
}

test("the length of a compressed answer is not taken for that of the resource", () =>
  withOrigin(async ({ origin, server }) => {
    const url = `${server.url}/text`;
    server.files.set("/text", gzipSync(FILE));
    server.faults.set("/text", { headers: { "Content-Encoding": "gzip" }, times: 1 });
    assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
    server.files.set("/text", FILE);
    server.faults.set("/text", { headers: { "Last-Modified": "" } });
    assertFailed(await fetchAll(origin, { url, start: 0, end: FILE.length + 1 }), "stale-manifest");
  }));

test("ranges of a compressed form are given up for the whole, also the next time", () =>
  withOrigin(async ({ origin, server }) => {
    const url = `${server.url}/packed`;
    server.files.set("/packed", gzipSync(FILE));
    server.faults.set("/packed", { headers: { "Content-Encoding": "gzip" } });
    for (const asked of [["bytes=0-9", undefined], [undefined]]) {
      server.log.reset();
      const found = await fetchAll(origin, { url, start: 0, end: 10 });
      assert.deepEqual(found.kinds, ["whole"]);
      assertBytes(found, 0, FILE.length);
      assert.deepEqual(
        server.log.requests().map(({ range }) => range),
        asked,
      );
    }
  }));

test("a part that begins elsewhere, or is one of several, is given up for the whole", async () => {
  for (const headers of [
    { "Content-Range": `bytes 5-14/${FILE.length}` },
    { "Content-Range": "bytes 0-9" },
    { "Content-Type": "multipart/byteranges; boundary=x" },
  ]) {
    const { origin, ranges } = scripted([part(0, 10, headers), whole()]);
    const found = await fetchAll(origin, { url, start: 0, end: 10 });
    assert.deepEqual(found.kinds, ["whole"]);
    assertBytes(found, 0, FILE.length);
    assert.deepEqual(ranges, ["bytes=0-9", null]);
  }
});

test("a part whose place the server hides from this page is taken for what was asked", async () => {
  const hidden = () => new Response(FILE.slice(10, 20), { status: 206 });
  const { origin } = scripted([hidden]);
  assertBytes(await fetchAll(origin, { url, start: 10, end: 20 }), 10, 20);
});

test("a part that was not asked for is refused", async () => {
  const { origin } = scripted([part(0, 10)]);
  assert.equal(assertFailed(await fetchAll(origin, { url }), "origin-failed").cause, 206);
});

test("a server that gives smaller parts than it was asked for is asked for the rest at once", async () => {
  const { origin, ranges } = scripted([part(0, 4), part(4, 8), part(8, 10)]);
  const found = await fetchAll(origin, { url, start: 0, end: 10 });
  assertBytes(found, 0, 10);
  assert.deepEqual(found.kinds, ["range"]);
  assert.deepEqual(ranges, ["bytes=0-9", "bytes=4-9", "bytes=8-9"]);
});

test("bytes beyond the ones asked for are not given on", async () => {
  const generous = () =>
    new Response(FILE.slice(10, 500), { status: 206, headers: { "Content-Range": "bytes 10-499/200000" } });
  const { origin } = scripted([generous]);
  assertBytes(await fetchAll(origin, { url, start: 10, end: 20 }), 10, 20);
});

test("a body shorter than its head promised is a break, even if it ends cleanly", async () => {
  const short = () =>
    new Response(FILE.slice(0, 4), { status: 206, headers: { "Content-Range": "bytes 0-9/200000" } });
  const { origin, ranges } = scripted([short, part(4, 10)]);
  assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
  assert.deepEqual(ranges, ["bytes=0-9", "bytes=4-9"]);
});

test("a file that broke off after its last byte is complete when the server says that there is no more", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(FILE.slice()),
        pull: (controller) => controller.error(new Error("reset")),
      }),
    );
  const nothingLeft = () =>
    new Response(null, { status: 416, headers: { "Content-Range": `bytes */${FILE.length}` } });
  const { origin, ranges } = scripted([broken, nothingLeft]);
  assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
  assert.deepEqual(ranges, [null, `bytes=${FILE.length}-`]);
});

test("a file without an answer's body is empty", async () => {
  const { origin } = scripted([() => new Response(null)]);
  assertBytes(await fetchAll(origin, { url }), 0, 0);
});

test("each sign of another resource counts: tag, date and length", async () => {
  for (const [before, after] of [
    [{ ETag: '"1"' }, { ETag: '"2"' }],
    [{ ETag: 'W/"1"' }, { ETag: 'W/"2"' }],
    [
      { "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT" },
      { "Last-Modified": "Fri, 02 Jan 2026 00:00:00 GMT" },
    ],
    [{ "Content-Range": "bytes 0-9/100" }, { "Content-Range": "bytes 0-9/101" }],
  ] as const) {
    const { origin } = scripted([part(0, 10, before), part(0, 10, after), part(0, 10, after)]);
    assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
    assertFailed(await fetchAll(origin, { url, start: 0, end: 10 }), "stale-manifest");
    // Whoever asks again has a fresh manifest, and is to get the fresh resource.
    assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
  }
});

test("a sign that only one of two answers bears tells nothing", async () => {
  const { origin } = scripted([part(0, 10, { ETag: '"1"' }), part(0, 10), part(0, 10, { ETag: '"1"' })]);
  for (let i = 0; i < 3; i++) assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
});

test("the compressed form of a resource may bear another tag", async () => {
  const packed = whole({ "Content-Encoding": "gzip", ETag: 'W/"1"', "Content-Length": "7" });
  const { origin } = scripted([packed, part(0, 10, { ETag: '"1"' }), packed]);
  assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
  assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
  assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
});

test("the length of another site's answer is not believed, for it may hide that it is compressed", async () => {
  const crossSite = () =>
    Object.defineProperty(whole({ "Content-Length": "7" })(), "type", { value: "cors" });
  const { origin } = scripted([crossSite, part(0, 10)]);
  assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
  assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
});

test("a redirection is followed", () =>
  withOrigin(async ({ origin, server, url }) => {
    server.server.prependListener("request", (request, response) => {
      if (request.url === "/old.bin") response.setHeader("Location", PATH);
    });
    server.faults.set("/old.bin", { status: 302 });
    assertBytes(await fetchAll(origin, { url: url.replace(PATH, "/old.bin"), start: 5, end: 15 }), 5, 15);
  }));
