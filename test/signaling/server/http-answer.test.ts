import assert from "node:assert/strict";
import { test } from "node:test";
import { answerHeaders, bodyOf, pathOf, queryOf, rawAnswer } from "#signaling/server/http-answer.ts";

test("a request target is read as a path and a query, whatever is missing", () => {
  assert.deepEqual(
    [pathOf("/healthz?verbose=1"), pathOf("/a?b?c"), pathOf(undefined)],
    ["/healthz", "/a", ""],
  );
  assert.equal(queryOf("/?token=a%2Bb&x").get("token"), "a+b");
  assert.deepEqual([...queryOf("/"), ...queryOf(undefined)], []);
});

test("an answer for a bare socket is whole HTTP and closes the connection", () => {
  const [head = "", body] = rawAnswer({ status: 429, body: { code: "é" } }).split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 429 Too Many Requests\r\n/);
  assert.match(head, /content-length: 13\r\n/);
  assert.match(head, /connection: close/);
  assert.equal(body, '{"code":"é"}');
});

test("text and bytes are sent as they are, with their own content type and their length in bytes", () => {
  const headers = { "content-type": "text/plain" };
  const text = { status: 200, body: "é", headers };
  assert.deepEqual([bodyOf(text), answerHeaders(text)["content-length"]], ["é", "2"]);
  const bytes = { status: 200, body: Uint8Array.of(1, 2, 3), headers };
  assert.deepEqual([bodyOf(bytes), answerHeaders(bytes)["content-length"]], [bytes.body, "3"]);
  assert.equal(answerHeaders(bytes)["content-type"], "text/plain");
});
