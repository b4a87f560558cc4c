import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { RivuletError } from "#sdk/base/errors.ts";
import { loadWebRtc, type NodeWebRtc } from "#sdk/cli/node/web-rtc.ts";
import { transportContract } from "#test/contract/transport.ts";
import { type Chromium, launchChromium } from "#test/support/chromium.ts";
import { endSoon } from "#test/support/end-soon.ts";
import { bundleForBrowser } from "../../scripts/esbuild-slim.mjs";
import { labInThisProcess } from "./node-lab.ts";
import { makePair } from "./transport-driver.ts";
import type {} from "./transport-lab.ts";

let webRtc: NodeWebRtc;
const nodePage = (): Promise<Page> => labInThisProcess(webRtc);
let chromium: Chromium;
let script: string;

before(async () => {
  webRtc = await loadWebRtc();
  script = await bundleForBrowser({ entry: "test/adapters/transport-lab.ts" });
  // Node cannot look up the names that Chromium gives its addresses, and one test lets no other address through.
  chromium = await launchChromium({ args: ["--disable-features=WebRtcHideLocalIpsWithMdns"] });
});
after(async () => {
  await chromium?.close();
  await webRtc?.close();
  endSoon();
});

transportContract("two links in one Node", async () => {
  const node = await nodePage();
  return makePair({ dialerPage: node, answererPage: node, script, dispose: closeNodeLinks });
});

transportContract("Node dials a browser", async () => {
  const context = await chromium.browser.createBrowserContext();
  return makePair({
    dialerPage: await nodePage(),
    answererPage: await context.newPage(),
    script,
    vanish: () => context.close(),
    dispose: async () => {
      await closeNodeLinks();
      if (!context.closed) await context.close();
    },
  });
});

transportContract("a browser dials Node", async () => {
  const page = await chromium.browser.newPage();
  const dispose = async () => {
    await closeNodeLinks();
    await page.close();
  };
  return makePair({ dialerPage: page, answererPage: await nodePage(), script, dispose });
});

/** Links keep a program running, as pages do not. */
async function closeNodeLinks(): Promise<void> {
  for (const name of ["dialer", "answerer"]) {
    try {
      globalThis.lab.close(name);
    } catch {
      // There was none.
    }
  }
}

test("where WebRTC is not installed, the message says what to install", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package 'node-datachannel'\nand a long story"));
  await assert.rejects(loadWebRtc(missing), (error) => {
    assert.ok(error instanceof RivuletError && error.code === "unsupported-browser");
    assert.match(error.message, /npm install node-datachannel/);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
});
