import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64Url } from "#sdk/base/bytes.ts";
import { PIECE_BYTES, sha256 } from "./support/sample.ts";
import { bytesIn, FILES, FILM, openSite } from "./support/site.ts";

test("a fetch of a listed URL is a Response like the origin's own", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, plain } = visit();
  const response = await rivulet.fetch("/film.bin#t=5");
  assert.ok(response instanceof Response);
  assert.deepEqual([response.status, response.ok, response.statusText], [200, true, "OK"]);
  assert.equal(response.url, `${origin.url}/film.bin`);
  assert.equal(response.headers.get("content-type"), "video/mp4");
  assert.equal(response.headers.get("content-length"), String(FILM.length));
  assert.equal(response.headers.get("accept-ranges"), "bytes");
  const clone = response.clone();
  assert.equal(clone.url, response.url);
  const [own, cloned] = await Promise.all([bytesIn(response), bytesIn(clone)]);
  assert.deepEqual(own, FILM);
  assert.deepEqual(cloned, FILM);
  assert.ok(response.bodyUsed);
  assert.deepEqual(plain, []);
});

test("a body may be read as JSON, as text or as a Blob", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet } = visit();
  const text = new TextDecoder().decode(FILES["data.json"]);
  assert.deepEqual(await (await rivulet.fetch("/data.json")).json(), JSON.parse(text));
  assert.equal(await (await rivulet.fetch("/data.json")).text(), text);
  const blob = await (await rivulet.fetch("/data.json")).blob();
  assert.deepEqual([blob.type, await blob.text()], ["application/json", text]);
});

test("an empty file is an empty body", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet, plain } = visit();
  const response = await rivulet.fetch("/empty.txt");
  assert.deepEqual([response.status, response.headers.get("content-length")], [200, "0"]);
  assert.equal((await bytesIn(response)).length, 0);
  const range = await rivulet.fetch("/empty.txt", { headers: { Range: "bytes=0-" } });
  assert.equal(range.status, 416);
  assert.deepEqual(plain, []);
});

test("ranges are served as the origin would, and only what they need is fetched", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, plain } = visit();
  const { length } = FILM;
  const cases: readonly [string, number, number][] = [
    ["bytes=5-14", 5, 15],
    [`bytes=${PIECE_BYTES - 1}-${PIECE_BYTES}`, PIECE_BYTES - 1, PIECE_BYTES + 1],
    ["bytes=-9", length - 9, length],
    [`bytes=${length - 3}-`, length - 3, length],
    [`bytes=${length - 3}-${length + 50}`, length - 3, length],
  ];
  for (const [range, start, end] of cases) {
    const response = await rivulet.fetch("/film.bin", { headers: { range } });
    assert.equal(response.status, 206, range);
    assert.equal(response.headers.get("content-range"), `bytes ${start}-${end - 1}/${length}`);
    assert.equal(response.headers.get("content-length"), String(end - start));
    assert.deepEqual(await bytesIn(response), FILM.slice(start, end), range);
  }
  // Pieces 0 and 1, the last whole one and the rest.
  assert.ok(origin.log.bytes("/film.bin") < 4 * PIECE_BYTES);
  for (const range of [`bytes=${length}-`, "bytes=-0"]) {
    const response = await rivulet.fetch("/film.bin", { headers: { range } });
    assert.equal(response.status, 416, range);
    assert.equal(response.headers.get("content-range"), `bytes */${length}`);
    assert.equal(response.url, `${origin.url}/film.bin`);
  }
  const two = await rivulet.fetch("/film.bin", { headers: { Range: "bytes=0-1,4-5" } });
  assert.equal(two.status, 200);
  await two.body?.cancel();
  assert.deepEqual(plain, []);
});

test("what peers cannot answer is the page's own fetch", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, plain } = visit();
  await rivulet.ready;
  const integrity = `sha256-${Buffer.from(await sha256(FILM)).toString("base64")}`;
  const head = await rivulet.fetch("/film.bin", { method: "HEAD" });
  assert.deepEqual([head.status, (await bytesIn(head)).length], [200, 0]);
  const post = await rivulet.fetch("/film.bin", { method: "POST", body: "x" });
  assert.equal(post.status, 405);
  for (const init of [{ cache: "no-store" }, { integrity }, { headers: { "X-Own": "1" } }] as const) {
    assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin", init)), FILM);
  }
  const request = new Request(`${origin.url}/film.bin`, { headers: { "X-Own": "2" } });
  assert.deepEqual(await bytesIn(await rivulet.fetch(request)), FILM);
  assert.equal(origin.log.requests("/film.bin").at(-1)?.headers["x-own"], "2");
  assert.deepEqual(plain, Array(6).fill("/film.bin"));
  assert.equal(rivulet.stats.resources.length, 0);
});

test("a URL that is not listed, or has a query, is the page's own fetch", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet, plain } = visit();
  assert.equal((await rivulet.fetch("/other.txt")).status, 200);
  assert.equal((await rivulet.fetch("/none.txt")).status, 404);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin?v=2")), FILM);
  assert.deepEqual(plain, ["/other.txt", "/none.txt", "/film.bin?v=2"]);
  await assert.rejects(rivulet.fetch("http://["), TypeError);
});

test("a URL object and a Request with a range are served too", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, plain } = visit();
  const url = new URL("/film.bin", origin.url);
  assert.deepEqual(await bytesIn(await rivulet.fetch(url)), FILM);
  const request = new Request(url, { headers: { Range: "bytes=0-9" } });
  const response = await rivulet.fetch(request);
  assert.deepEqual([response.status, (await bytesIn(response)).length], [206, 10]);
  assert.deepEqual(plain, []);
});

test("one URL fetched five times at once leaves the origin once", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet } = visit();
  const bodies = await Promise.all(
    Array.from({ length: 5 }, async () => bytesIn(await rivulet.fetch("/film.bin"))),
  );
  for (const body of bodies) assert.deepEqual(body, FILM);
  assert.equal(origin.log.bytes("/film.bin"), FILM.length);
});

test("it says what the manifest lists, and how long that is", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet } = visit();
  assert.equal(rivulet.state, "starting");
  assert.equal(rivulet.sizeOf("/film.bin"), undefined, "Nothing is known while it starts.");
  await rivulet.ready;
  assert.equal(rivulet.state, "running");
  assert.equal(rivulet.sizeOf("film.bin"), FILM.length);
  assert.equal(rivulet.sizeOf(`${origin.url}/empty.txt#x`), 0);
  assert.ok(rivulet.lists("/empty.txt") && !rivulet.lists("/other.txt") && !rivulet.lists("/film.bin?x"));
  assert.ok(!rivulet.lists("http://["), "What is no URL is not listed.");
  assert.equal(rivulet.error, undefined);
});

test("the ETag names the bytes", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet } = visit();
  const [one, same, other] = await Promise.all(
    ["/film.bin", "/film.bin", "/data.json"].map(async (url) => {
      const response = await rivulet.fetch(url);
      await response.body?.cancel();
      return response.headers.get("etag");
    }),
  );
  assert.match(one ?? "", new RegExp(`^"[\\w-]{${toBase64Url(new Uint8Array(32)).length}}"$`));
  assert.equal(one, same);
  assert.notEqual(one, other);
});
