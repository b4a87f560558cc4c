import type { Page } from "puppeteer-core";
import { KIB } from "#sdk/base/bytes.ts";
import type { NodeWebRtc } from "#sdk/cli/node/web-rtc.ts";

/*
 * The lab of transport-lab.ts in this process instead of in a page: with the globals that it takes from the browser, and
 * with what the tests' driver asks of a page.
 */

/** What the contract sends at a time. */
const CHUNK_BYTES = 64 * KIB + 16;

const { RTCDataChannel } = await import("node-datachannel/polyfill");
const { send } = RTCDataChannel.prototype;
const unhandled: string[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(String(reason)));
process.on("uncaughtException", (error) => unhandled.push(String(error)));
let labs = 0;

/** Loads the lab over Node's WebRTC, a new one each time. */
export async function labInThisProcess({ wrtc }: NodeWebRtc): Promise<Page> {
  RTCDataChannel.prototype.send = send;
  Object.assign(globalThis, { ...wrtc, RTCDataChannel, addEventListener: () => {} });
  await import(`./transport-lab.ts?lab=${++labs}`);
  lab.unhandled = () => unhandled.splice(0);
  const { maxBufferedBytes } = lab;
  // Two threads write libdatachannel's count, which may so be one message old: one more is sent.
  lab.maxBufferedBytes = () => maxBufferedBytes() - CHUNK_BYTES;
  const page = {
    exposeFunction: async (name: string, listener: (...args: unknown[]) => void) => {
      // What is carried is text, as by a tracker.
      const carry = (...args: unknown[]) => listener(...(JSON.parse(JSON.stringify(args)) as unknown[]));
      Object.assign(globalThis, { [name]: carry });
    },
    addScriptTag: async () => {},
    evaluate: async (perform: (...args: unknown[]) => unknown, ...args: unknown[]) => perform(...args),
  };
  return page as unknown as Page;
}
