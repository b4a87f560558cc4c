import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf } from "#sdk/integrations/worker/asked.ts";

const ORIGIN = "https://site.example";
const URL_A = `${ORIGIN}/a.png?v=2`;

/** A request as a worker sees it; Node's own cannot be a navigation, or an element's. */
function request(
  more: Partial<Omit<Request, "headers">> = {},
  headers: Record<string, string> = {},
): Request {
  const plain = { method: "GET", mode: "no-cors", credentials: "include", cache: "default", url: URL_A };
  return { ...plain, ...more, headers: new Headers(headers) } as Request;
}

test("what an element asks for of its own origin may be answered", () => {
  assert.deepEqual(askedOf(request(), ORIGIN), { url: URL_A, range: null });
  const fetched = request({ mode: "cors", credentials: "same-origin" });
  assert.deepEqual(askedOf(fetched, ORIGIN), { url: URL_A, range: null });
  for (const cache of ["default", "force-cache"] as const)
    assert.ok(askedOf(request({ cache }), ORIGIN), cache);
});

test("a range is asked for as such", () => {
  assert.equal(askedOf(request({}, { range: "bytes=5-" }), ORIGIN)?.range, "bytes=5-");
});

test("headers that browsers add by themselves change nothing", () => {
  const headers = {
    accept: "image/avif,*/*",
    "accept-language": "de",
    "user-agent": "Browser/1",
    referer: ORIGIN,
    "sec-fetch-dest": "image",
    priority: "u=1",
    purpose: "prefetch",
    "save-data": "on",
  };
  assert.ok(askedOf(request({}, headers), ORIGIN));
});

for (const [what, more, headers] of [
  ["another method", { method: "POST" }, {}],
  ["HEAD", { method: "HEAD" }, {}],
  ["a page", { mode: "navigate" }, {}],
  ["another site's", { url: "https://other.example/a.png" }, {}],
  ["another port's", { url: "https://site.example:8443/a.png" }, {}],
  ["one with credentials in so many words", { mode: "cors", credentials: "include" }, {}],
  ["no-store", { cache: "no-store" }, {}],
  ["reload", { cache: "reload" }, {}],
  ["no-cache", { cache: "no-cache" }, {}],
  ["only-if-cached", { cache: "only-if-cached" }, {}],
  ["one that says who asks", {}, { authorization: "Bearer x" }],
  ["one with a header of the page's own", {}, { "x-tenant": "7" }],
  ["one with a name that begins like a harmless one", {}, { "range-of": "7" }],
  ["one that depends on what the page has", {}, { "if-none-match": '"x"' }],
] as const)
  test(`the origin answers ${what}`, () => {
    assert.equal(askedOf(request(more, headers), ORIGIN), undefined);
  });
