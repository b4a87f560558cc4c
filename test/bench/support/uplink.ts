import type { Page } from "puppeteer-core";

/**
 * From now on the page's data channels together send at most so many bytes a second, whichever engine's they are; what
 * waits shows in `bufferedAmount`, as behind a slow line, and a channel's messages stay in order. Messages of up to 1 KiB
 * cost nothing. Must be called before the page is opened.
 */
export async function limitUplink(page: Page, bytesPerSecond: number): Promise<void> {
  await page.evaluateOnNewDocument((rate) => {
    const { prototype } = RTCDataChannel;
    const real = Object.getOwnPropertyDescriptor(prototype, "bufferedAmount");
    const { send } = prototype;
    const waiting = new WeakMap<RTCDataChannel, number>();
    let freeAt = 0;
    Object.defineProperty(prototype, "bufferedAmount", {
      configurable: true,
      get(this: RTCDataChannel) {
        return Number(real?.get?.call(this)) + (waiting.get(this) ?? 0);
      },
    });
    prototype.send = function (this: RTCDataChannel, data: ArrayBuffer | ArrayBufferView<ArrayBuffer>) {
      const view = ArrayBuffer.isView(data)
        ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        : new Uint8Array(data);
      if (view.byteLength <= 1024 && !waiting.get(this)) return send.call(this, view);
      // As a channel does: what is sent later is what was given now.
      const bytes = view.slice();
      waiting.set(this, (waiting.get(this) ?? 0) + bytes.byteLength);
      freeAt = Math.max(freeAt, performance.now()) + (bytes.byteLength * 1000) / rate;
      setTimeout(() => {
        const before = this.bufferedAmount;
        waiting.set(this, (waiting.get(this) ?? 0) - bytes.byteLength);
        if (this.readyState === "open") send.call(this, bytes);
        const threshold = this.bufferedAmountLowThreshold;
        if (before > threshold && this.bufferedAmount - bytes.byteLength <= threshold)
          this.dispatchEvent(new Event("bufferedamountlow"));
      }, freeAt - performance.now());
    } as RTCDataChannel["send"];
  }, bytesPerSecond);
}
