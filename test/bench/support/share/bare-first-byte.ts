import type { Page } from "puppeteer-core";

/** From the first call until one byte has come over a bare connection whose offer and answer the bench carries, ms. */
export async function bareFirstByteMs(sender: Page, receiver: Page): Promise<number> {
  const startedAt = performance.now();
  const offer = await sender.evaluate(offerToSend);
  const answer = await receiver.evaluate(answerTo, offer);
  await sender.evaluate((answer) => Reflect.get(window, "take")(answer), answer);
  await receiver.evaluate(() => Reflect.get(window, "came"));
  return performance.now() - startedAt;
}

/**
 * Runs in the page that has the byte: of the two ends, the one that offers can send as soon as its channel is open, the other
 * not always (see simple-peer-link.ts). The offer goes over whole, because a candidate that overtook one would be refused.
 */
async function offerToSend(): Promise<RTCSessionDescriptionInit> {
  const connection = new RTCPeerConnection();
  Reflect.set(window, "take", (answer: RTCSessionDescriptionInit) => connection.setRemoteDescription(answer));
  const channel = connection.createDataChannel("bare");
  channel.onopen = () => channel.send(new Uint8Array(1));
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: "offer", sdp: connection.localDescription?.sdp ?? "" };
}

/** Runs in the page that wants the byte. */
async function answerTo(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
  const connection = new RTCPeerConnection();
  const came = new Promise<void>((resolve) => {
    connection.ondatachannel = ({ channel }) => channel.addEventListener("message", () => resolve());
  });
  Reflect.set(window, "came", came);
  await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: "answer", sdp: connection.localDescription?.sdp ?? "" };
}
