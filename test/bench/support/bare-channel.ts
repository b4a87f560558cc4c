import type { Page } from "puppeteer-core";

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
  const offer = await sender.evaluate(prepareSender, bytes + WARM_UP_BYTES);
  const answer = await receiver.evaluate((receiver, offer) => receiver.answer(offer), received, offer);
  await sender.evaluate((answer) => Reflect.get(window, "take")(answer), answer);
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
  const answer = async (offer: RTCSessionDescriptionInit) => {
    await connection.setRemoteDescription(offer);
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== "complete")
      await new Promise((resolve) => setTimeout(resolve, 10));
    return { type: "answer" as const, sdp: connection.localDescription?.sdp ?? "" };
  };
  return { elapsedMs, answer };
}

/** Runs in the sending page; its offer goes over whole, because a candidate that overtook it would be refused. */
async function prepareSender(bytes: number): Promise<RTCSessionDescriptionInit> {
  const connection = new RTCPeerConnection();
  Reflect.set(window, "take", (answer: RTCSessionDescriptionInit) => connection.setRemoteDescription(answer));
  const channel = connection.createDataChannel("bare");
  channel.bufferedAmountLowThreshold = 256 * 1024;
  const message = new Uint8Array(64 * 1024);
  // Of the two ends, this is the one that can send as soon as it is open: see simple-peer-link.ts.
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
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: "offer", sdp: connection.localDescription?.sdp ?? "" };
}
