import { bundleForBrowser } from "../../../scripts/esbuild-slim.mjs";
import type { DemoPage, DemoStage } from "./demo-stage.ts";
import type { FakeShare } from "./fake-sharing.ts";

declare global {
  interface Window {
    /** The last share that the page has opened. */
    fakeShare?: FakeShare;
    /** The password that it was opened with. */
    fakePassword?: string | undefined;
  }
}

/** A token that the fake takes for one; with a password when it begins with P. */
export const FAKE_TOKEN = "#AbCdEfGhIjKlMnOp";

/** From now on the site's share page does what the test tells its share to do, instead of sharing. */
export async function fakeSharePage({ site }: DemoStage): Promise<void> {
  const contents = `
    import { startSharePage } from "./demo/src/share/share-page.ts";
    import { fakeSharing } from "./test/demo/support/fake-sharing.ts";
    startSharePage(document.querySelector("#share"), fakeSharing((share, password) => {
      window.fakeShare = share;
      window.fakePassword = password;
    }));`;
  const code = await bundleForBrowser({ contents, format: "esm" });
  site.origin.files.set("/build/share.js", new TextEncoder().encode(code));
}

/** The page of a receiver, whose share is open. */
export async function openFakeReceiver(demo: DemoStage): Promise<DemoPage> {
  const visitor = await demo.open(`/share.html${FAKE_TOKEN}`);
  await visitor.page.waitForFunction(() => window.fakeShare);
  return visitor;
}

/** The page of a sender of two files, whose share is open. */
export async function openFakeSender(demo: DemoStage): Promise<DemoPage> {
  const visitor = await demo.open("/share.html");
  await visitor.page.waitForSelector(".staging");
  await drop(visitor, ["film.mp4", "notes.txt"]);
  await visitor.page.locator(".full > .primary").click();
  await visitor.page.waitForSelector("#link");
  return visitor;
}

/** Drops files of that name on the page; false when the browser is left to open them in its place. */
export function drop({ page }: DemoPage, names: readonly string[]): Promise<boolean> {
  return page.evaluate((names) => {
    const dataTransfer = new DataTransfer();
    for (const name of names) dataTransfer.items.add(new File(["12345"], name));
    const options = { dataTransfer, bubbles: true, cancelable: true };
    const events = ["dragenter", "dragover", "drop"].map((type) => new DragEvent(type, options));
    return events.every((event) => !document.body.dispatchEvent(event));
  }, names);
}
