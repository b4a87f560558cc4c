import type { Page } from "puppeteer-core";

/** The type byte of a chunk frame; see docs/protocol.md. */
const CHUNK = 0x0a;

/** From now on every chunk that the page sends has one bit flipped. Must be called before the page is opened. */
export async function flipBits(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((chunk) => {
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      if (bytes[0] === chunk) bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      return send.call(this, bytes);
    } as RTCDataChannel["send"];
  }, CHUNK);
}

/** After so many chunks the page sends nothing at all any more, though its connections stay open. */
export async function fallSilentAfter(page: Page, chunks: number): Promise<void> {
  await page.evaluateOnNewDocument(
    (chunk, limit) => {
      const { send } = RTCDataChannel.prototype;
      let sent = 0;
      RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
        if (new Uint8Array(data.buffer, data.byteOffset, 1)[0] === chunk) sent++;
        if (sent <= limit) send.call(this, data);
      } as RTCDataChannel["send"];
    },
    CHUNK,
    chunks,
  );
}

/** The page sends at most this many bytes of chunks a second, so that a test can act in mid-transfer. */
export async function sendSlowly(page: Page, bytesPerSecond: number): Promise<void> {
  await page.evaluateOnNewDocument(
    (chunk, rate) => {
      const { send } = RTCDataChannel.prototype;
      let freeAt = 0;
      RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
        if (new Uint8Array(data.buffer, data.byteOffset, 1)[0] !== chunk) return send.call(this, data);
        freeAt = Math.max(freeAt, performance.now()) + (data.byteLength * 1000) / rate;
        // As a channel does: what is sent later is what was given now.
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
        setTimeout(() => {
          if (this.readyState === "open") send.call(this, bytes);
        }, freeAt - performance.now());
      } as RTCDataChannel["send"];
    },
    CHUNK,
    bytesPerSecond,
  );
}
