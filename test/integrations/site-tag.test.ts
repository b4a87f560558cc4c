import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { readScriptTag } from "#sdk/integrations/script-tag.ts";
import { readSiteTag, SITE_NAMES, type SiteOptions } from "#sdk/integrations/site-tag.ts";

function messageOf(dataset: DOMStringMap): string {
  try {
    readSiteTag(dataset);
  } catch (error) {
    assert.ok(error instanceof RivuletError && error.code === "bad-option", String(error));
    return error.message;
  }
  return assert.fail(`It was accepted: ${JSON.stringify(dataset)}`);
}

test("each attribute of the page is read", () => {
  const cases: readonly [DOMStringMap, SiteOptions][] = [
    [{}, {}],
    [{ signal: "wss://signal.example", manifest: "/rivulet.json", foreign: "x" }, {}],
    [{ worker: "/rivulet-sw.js" }, { worker: "/rivulet-sw.js" }],
    [{ worker: "./sw/rivulet-sw.js" }, { worker: "./sw/rivulet-sw.js" }],
    [{ worker: "../rivulet-sw.js?v=2" }, { worker: "../rivulet-sw.js?v=2" }],
    [{ worker: "off" }, { worker: "off" }],
    [{ consent: "required" }, { consent: "required" }],
    [{ consent: "given" }, {}],
    [{ panel: "" }, { panel: true }],
    [{ beacon: "/visits" }, { beacon: "/visits" }],
    [{ beacon: "https://figures.example/visits" }, { beacon: "https://figures.example/visits" }],
  ];
  for (const [dataset, expected] of cases) assert.deepEqual(readSiteTag(dataset), expected);
});

test("a mistyped value is refused with what may be there, and what is", () => {
  const cases: readonly [DOMStringMap, string][] = [
    [{ consent: "requird" }, 'data-consent must be "required" or "given", not "requird".'],
    [{ panel: "yes" }, 'data-panel must be there without a value, or not be there, not "yes".'],
    [
      { worker: "of" },
      'data-worker must be the path of rivulet-sw.js, such as "/rivulet-sw.js", or "off", not "of".',
    ],
    [
      { beacon: "visits" },
      'data-beacon must be a URL, such as "/visits" or "https://figures.example/visits", not "visits".',
    ],
  ];
  for (const [dataset, expected] of cases) assert.equal(messageOf(dataset), expected);
  for (const consent of ["", "Required", "true", "no"]) messageOf({ consent });
  for (const worker of ["", "on", "https://cdn.example/sw.js", "//cdn.example/sw.js", "/"])
    messageOf({ worker });
  for (const beacon of ["", "on", "//figures.example", "ws://figures.example", "https:///x"])
    messageOf({ beacon });
});

test("the options of an instance do not hold them, and a mistyped name of one is answered", () => {
  const needed = { signal: "wss://signal.example", manifest: "/rivulet.json" };
  const site = { worker: "off", consent: "required", panel: "", beacon: "/visits" };
  assert.deepEqual(readScriptTag({ ...needed, ...site }), needed);
  assert.deepEqual(Object.keys(site), SITE_NAMES);
  assert.throws(() => readScriptTag({ ...needed, concent: "required" }), /Did you mean data-consent\?$/);
});
