import type { Page } from "puppeteer-core";
import { connectBare } from "./bare-connection.ts";

/** Sent over each connection before the clock starts. */
export const WARM_UP_BYTES = 64 * 65_536;

/**
 * Sends bytes from one page to another over a bare RTCDataChannel: 64 KiB messages, two watermarks, nothing else.
 * Returns the milliseconds for that many bytes after the first `WARM_UP_BYTES`, when the channel has its slow start
 * behind it.
 */
export async function bareTransfer(options: {
  sender: Page;
  receiver: Page;
  bytes: number;
}): Promise<number> {
  const { sender, receiver, bytes } = options;
  const received = await receiver.evaluateHandle(prepareReceiver, bytes, WARM_UP_BYTES);
  const sent = await sender.evaluateHandle(prepareSender, bytes + WARM_UP_BYTES);
  await connectBare({ page: sender, end: sent }, { page: receiver, end: received });
  return receiver.evaluate((receiver) => receiver.elapsedMs, received);
}

/** Runs in the receiving page, and counts. */
function prepareReceiver(bytes: number, warmUpBytes: number) {
  const connection = new RTCPeerConnection();
  const elapsedMs = new Promise<number>((resolve) => {
    connection.ondatachannel = ({ channel }) => {
      channel.binaryType = "arraybuffer";
      let got = 0;
      let startedAt = 0;
      channel.onmessage = ({ data }) => {
        got += data.byteLength;
        if (got <= warmUpBytes) startedAt = performance.now();
        if (got >= bytes + warmUpBytes) resolve(performance.now() - startedAt);
      };
    };
  });
  return { connection, elapsedMs };
}

/** Runs in the sending page. */
function prepareSender(bytes: number) {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel("bare");
  channel.bufferedAmountLowThreshold = 256 * 1024;
  const message = new Uint8Array(64 * 1024);
  channel.onopen = async () => {
    for (let left = bytes; left > 0; left -= message.byteLength) {
      if (channel.bufferedAmount > 1024 * 1024) {
        await new Promise((resolve) =>
          channel.addEventListener("bufferedamountlow", resolve, { once: true }),
        );
      }
      channel.send(message.subarray(0, Math.min(left, message.byteLength)));
    }
  };
  return { connection };
}
