import assert from "node:assert/strict";
import { test } from "node:test";
import { plainGet } from "#sdk/client/plain-get.ts";

const PAGE = "https://site.example/shop/page.html";
const URL_A = "https://site.example/shop/a.bin";

const get = (input: RequestInfo | URL, init?: RequestInit) => plainGet(input, init, PAGE);

test("a URL may be text, a URL or a Request, relative to the page", () => {
  for (const input of ["a.bin", "/shop/a.bin", URL_A, new URL(URL_A), new Request(URL_A)])
    assert.equal(get(input)?.url, URL_A);
  assert.throws(() => get("http://["), TypeError);
});

test("what is only the origin's to answer is no plain GET", () => {
  const inits: RequestInit[] = [
    { method: "HEAD" },
    { method: "POST", body: "x" },
    { method: "put" },
    { cache: "no-store" },
    { cache: "reload" },
    { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
    { headers: { Authorization: "x" } },
    { headers: [["If-None-Match", '"x"']] },
    { headers: new Headers({ Accept: "*/*", "X-Own": "x" }) },
  ];
  for (const init of inits) {
    assert.equal(get("a.bin", init), undefined, JSON.stringify(init));
    assert.equal(get(new Request(URL_A, init)), undefined, `${JSON.stringify(init)} in a Request`);
  }
});

test("a plain GET may have a range, an Accept header and a signal", () => {
  const { signal } = new AbortController();
  const init = { method: "get", headers: { Range: "bytes=0-1", Accept: "image/*" }, signal };
  assert.deepEqual(get("a.bin", init), { url: URL_A, range: "bytes=0-1", signal });
  assert.deepEqual(get("a.bin"), { url: URL_A, range: null, signal: undefined });
  assert.deepEqual(get("a.bin", { cache: "no-cache", integrity: "" })?.url, URL_A);
});

test("what the init says goes before what the Request says", () => {
  const { signal } = new AbortController();
  const request = new Request(URL_A, { method: "POST", body: "x", headers: { Range: "bytes=0-1" } });
  assert.equal(get(request), undefined);
  const found = get(request, { method: "GET", headers: {}, signal });
  assert.deepEqual(found, { url: URL_A, range: null, signal });
  assert.equal(get(new Request(URL_A), { method: "HEAD" }), undefined);
});

test("a Request's own signal is honoured", () => {
  const abort = new AbortController();
  const found = get(new Request(URL_A, { signal: abort.signal }));
  abort.abort();
  assert.ok(found?.signal?.aborted);
});
