import type { Page } from "puppeteer-core";

/** What is larger than this carries media, whichever engine sends it. */
const MEDIA_FROM_BYTES = 4096;

/** From now on the page flips a bit in every message of media that it sends. Must be called before the page is opened. */
export async function flipMediaBits(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((mediaFromBytes) => {
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (
      this: RTCDataChannel,
      data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
    ) {
      const bytes = ArrayBuffer.isView(data)
        ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
        : new Uint8Array(data).slice();
      const at = bytes.byteLength >> 1;
      if (bytes.byteLength >= mediaFromBytes) bytes[at] = (bytes[at] ?? 0) ^ 1;
      return send.call(this, bytes);
    } as RTCDataChannel["send"];
  }, MEDIA_FROM_BYTES);
}

/** After so many messages of media the page sends nothing any more, though its connections stay open. */
export async function fallSilent(page: Page, messages: number): Promise<void> {
  await page.evaluateOnNewDocument(
    (mediaFromBytes, limit) => {
      const { send } = RTCDataChannel.prototype;
      let sent = 0;
      RTCDataChannel.prototype.send = function (
        this: RTCDataChannel,
        data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
      ) {
        if (data.byteLength >= mediaFromBytes) sent++;
        if (sent <= limit) send.call(this, ArrayBuffer.isView(data) ? data : new Uint8Array(data));
      } as RTCDataChannel["send"];
    },
    MEDIA_FROM_BYTES,
    messages,
  );
}
