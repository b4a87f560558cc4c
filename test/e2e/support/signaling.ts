import type { Page } from "puppeteer-core";
import type { Viewer } from "./stage.ts";

declare const window: { cutSignaling(): void };

/** From `cutSignaling` on the page reaches no signaling server. Must be called before the page is opened. */
export async function makeSignalingCuttable(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const sockets: WebSocket[] = [];
    let isCut = false;
    const Real = globalThis.WebSocket;
    globalThis.WebSocket = class extends Real {
      constructor(url: string | URL) {
        super(isCut ? "ws://127.0.0.1:9" : url);
        sockets.push(this);
      }
    };
    window.cutSignaling = () => {
      isCut = true;
      for (const socket of sockets) socket.close();
    };
  });
}

export async function cutSignaling(viewer: Viewer): Promise<void> {
  await viewer.page.evaluate(() => window.cutSignaling());
}
