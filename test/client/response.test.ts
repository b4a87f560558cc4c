import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64Url } from "#sdk/base/bytes.ts";
import { answerFor, respond, unsatisfiable } from "#sdk/client/response.ts";
import { bytesOf, resourceOf } from "./support/sample.ts";

const URL_A = "https://site.example/a.png";
const BYTES = bytesOf(1000);
const resource = await resourceOf("a.png", BYTES, "image/png");
const empty = await resourceOf("empty", new Uint8Array());
const ETAG = `"${toBase64Url(resource.root)}"`;

function bodyOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

test("the whole is a 200 with the head that a good origin gives", () => {
  const answer = answerFor(resource, null);
  assert.ok(answer);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.range, { start: 0, end: 1000 });
  assert.deepEqual(Object.fromEntries(answer.headers), {
    "accept-ranges": "bytes",
    "content-length": "1000",
    "content-type": "image/png",
    etag: ETAG,
  });
});

test("a range is a 206 that says which", () => {
  const answer = answerFor(resource, "bytes=-100");
  assert.ok(answer);
  assert.equal(answer.status, 206);
  assert.deepEqual(answer.range, { start: 900, end: 1000 });
  assert.deepEqual(Object.fromEntries(answer.headers), {
    "accept-ranges": "bytes",
    "content-length": "100",
    "content-range": "bytes 900-999/1000",
    "content-type": "image/png",
    etag: ETAG,
  });
});

test("a range that may be ignored is the whole, and one that nothing satisfies is no answer", () => {
  assert.equal(answerFor(resource, "bytes=0-1,5-6")?.status, 200);
  assert.equal(answerFor(resource, "bytes=1000-"), undefined);
  assert.equal(answerFor(empty, "bytes=0-"), undefined);
});

test("an empty resource of no known type is octets, none of them", () => {
  const answer = answerFor(empty, null);
  assert.equal(answer?.headers.get("content-length"), "0");
  assert.equal(answer?.headers.get("content-type"), "application/octet-stream");
});

test("a 416 says how long the resource is, and its URL", async () => {
  const response = unsatisfiable(resource, `${URL_A}#x`);
  assert.deepEqual(
    [response.status, response.statusText, response.ok],
    [416, "Range Not Satisfiable", false],
  );
  assert.equal(response.headers.get("content-range"), "bytes */1000");
  assert.equal(response.url, URL_A);
  assert.equal((await response.arrayBuffer()).byteLength, 0);
});

test("a Response knows its URL without the fragment, and so do its clones", async () => {
  const answer = answerFor(resource, null);
  assert.ok(answer);
  const response = respond(bodyOf(BYTES), answer, `${URL_A}#top`);
  assert.ok(response instanceof Response);
  assert.deepEqual([response.status, response.statusText, response.ok], [200, "OK", true]);
  assert.ok(!response.redirected);
  const clone = response.clone();
  const second = clone.clone();
  assert.deepEqual([response.url, clone.url, second.url], [URL_A, URL_A, URL_A]);
  for (const one of [response, clone, second]) {
    assert.deepEqual(new Uint8Array(await one.arrayBuffer()), BYTES);
    assert.equal(one.headers.get("etag"), ETAG);
  }
  assert.throws(() => response.clone(), TypeError);
});

test("a Response's blob has the resource's type", async () => {
  const answer = answerFor(resource, "bytes=0-9");
  assert.ok(answer);
  const response = respond(bodyOf(BYTES.subarray(0, 10)), answer, URL_A);
  assert.deepEqual([response.status, response.statusText, response.ok], [206, "Partial Content", true]);
  const blob = await response.blob();
  assert.deepEqual([blob.size, blob.type], [10, "image/png"]);
});
