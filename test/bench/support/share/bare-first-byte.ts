import type { Page } from "puppeteer-core";

/** From the first call until one byte has come over a bare connection whose offer and answer the bench carries, ms. */
export async function bareFirstByteMs(sender: Page, receiver: Page): Promise<number> {
  const startedAt = performance.now();
  const offer = await receiver.evaluate(offerFor);
  const answer = await sender.evaluate(answerTo, offer);
  await receiver.evaluate((answer) => Reflect.get(window, "took")(answer), answer);
  return performance.now() - startedAt;
}

/** Runs in the page that wants the byte. Offers go over whole, because a candidate that overtook one would be refused. */
async function offerFor(): Promise<RTCSessionDescriptionInit> {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel("bare");
  const came = new Promise((resolve) => channel.addEventListener("message", resolve, { once: true }));
  Reflect.set(window, "took", async (answer: RTCSessionDescriptionInit) => {
    await connection.setRemoteDescription(answer);
    await came;
    connection.close();
  });
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: "offer", sdp: connection.localDescription?.sdp ?? "" };
}

/** Runs in the page that has the byte, and sends it as soon as it can. */
async function answerTo(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
  const connection = new RTCPeerConnection();
  // The page keeps it alive.
  Reflect.set(window, "bareConnection", connection);
  connection.ondatachannel = ({ channel }) => {
    const send = () => channel.send(new Uint8Array(1));
    if (channel.readyState === "open") send();
    else channel.onopen = send;
  };
  await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 10));
  return { type: "answer", sdp: connection.localDescription?.sdp ?? "" };
}
