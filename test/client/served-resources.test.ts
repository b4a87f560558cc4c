import assert from "node:assert/strict";
import { test } from "node:test";
import { servedResources } from "#sdk/client/served-resources.ts";
import { catalogOf } from "./support/sample.ts";

const at = (path: string) => `https://site.example${path}`;

function serves(path: string, given: Partial<Parameters<typeof servedResources>[0]>): boolean {
  return servedResources({ include: [], exclude: [], minBytes: 0, ...given })(at(path));
}

test("a star stays within a name, two stars cross folders, and a glob without a slash means a file's name", () => {
  const cases: readonly [glob: string, matching: readonly string[], others: readonly string[]][] = [
    ["/media/**", ["/media/a.mp4", "/media/hd/a.mp4"], ["/media", "/x/media/a.mp4", "/media2/a.mp4"]],
    ["/media/*", ["/media/a.mp4"], ["/media/hd/a.mp4"]],
    ["*.mp4", ["/a.mp4", "/media/hd/a.mp4"], ["/a.mp4/x", "/a.mp40", "/amp4"]],
    ["/**/hd/*.ts", ["/hd/1.ts", "/a/b/hd/1.ts"], ["/hd/a/1.ts", "/hd/1.ts2"]],
    ["/logo.png", ["/logo.png"], ["/a/logo.png"]],
    ["logo.pn?", ["/a/logo.png"], ["/a/logo.pn"]],
    ["/media/", ["/media/a.mp4", "/media/hd/a.mp4"], ["/x/media/a.mp4"]],
    ["/café/a b.*", ["/caf%C3%A9/a%20b.mp4", "/caf%c3%a9/a%20b.ts"], ["/cafe/a%20b.mp4"]],
    ["/caf%C3%A9/**", ["/caf%C3%A9/a.mp4"], []],
    ["/100%/*", ["/100%25/a.mp4", "/100%/a.mp4"], []],
  ];
  for (const [glob, matching, others] of cases) {
    for (const path of matching)
      assert.deepEqual([glob, path, serves(path, { include: [glob] })], [glob, path, true]);
    for (const path of others)
      assert.deepEqual([glob, path, serves(path, { include: [glob] })], [glob, path, false]);
    for (const path of [...matching, ...others])
      assert.notEqual(serves(path, { exclude: [glob] }), serves(path, { include: [glob] }));
  }
});

test("neither the query nor the host of a URL is looked at", () => {
  const one = servedResources({ include: ["*.mp4"], exclude: [], minBytes: 0 });
  assert.ok(one("https://cdn.example/a.mp4?name=a.ts#b"));
  assert.ok(!one("https://cdn.mp4/a.ts?name=a.mp4#b.mp4"));
});

test("what is excluded stays so, whatever is included", () => {
  assert.ok(!serves("/media/a.mp4", { include: ["/media/**"], exclude: ["a.*"] }));
});

test("a size that is not known is large enough", () => {
  const one = servedResources({ include: [], exclude: [], minBytes: 100 });
  assert.deepEqual([one(at("/a")), one(at("/a"), 99), one(at("/a"), 100)], [true, false, true]);
});

test("a catalog finds what is served, and knows what is left to the browser before it is listed", async () => {
  const listed = {
    "big.ts": new Uint8Array(100),
    "small.ts": new Uint8Array(99),
    "big.html": new Uint8Array(100),
  };
  const policy = { include: [], exclude: ["*.html"], minBytes: 100 };
  const catalog = await catalogOf(listed, at("/"), servedResources(policy));
  const names = ["big.ts", "small.ts", "big.html", "later.html", "later.ts"];
  const found = names.map((name) => catalog.find(at(`/${name}`)));
  assert.deepEqual(found, [0, undefined, undefined, undefined, undefined]);
  const left = names.map((name) => [catalog.leaves(at(`/${name}`)), catalog.leaves(at(`/${name}?token=1`))]);
  assert.deepEqual(left, [
    [false, false],
    [true, true],
    [true, true],
    [true, true],
    [false, false],
  ]);
});
