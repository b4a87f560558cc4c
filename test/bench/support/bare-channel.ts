import type { Page } from "puppeteer-core";

/** What a page says to the other one's connection. */
type Signal =
  | { readonly description: RTCSessionDescriptionInit }
  | { readonly candidate: RTCIceCandidateInit };

/**
 * Sends bytes from one page to another over a bare RTCDataChannel: 64 KiB messages, two watermarks, nothing else.
 * Returns the milliseconds from the first message asked for to the last one received.
 */
export async function bareTransfer(options: {
  sender: Page;
  receiver: Page;
  bytes: number;
}): Promise<number> {
  const { sender, receiver, bytes } = options;
  const pass = (to: Page) => async (signal: Signal) => {
    await to.evaluate((signal) => Reflect.get(window, "takeSignal")(signal), signal);
  };
  // Both must know how to take a signal before either gives one.
  await receiver.exposeFunction("giveSignal", pass(sender));
  await sender.exposeFunction("giveSignal", pass(receiver));
  const received = await receiver.evaluateHandle(receive, bytes);
  await sender.evaluate(send, bytes);
  const elapsedMs = await receiver.evaluate((result) => result.elapsedMs, received);
  return elapsedMs;
}

/** Runs in the receiving page: asks for the bytes with one message, then counts. */
function receive(bytes: number): { elapsedMs: Promise<number> } {
  const connection = new RTCPeerConnection();
  const give = Reflect.get(window, "giveSignal");
  connection.onicecandidate = ({ candidate }) => candidate && give({ candidate: candidate.toJSON() });
  Reflect.set(window, "takeSignal", async (signal: Signal) => {
    if ("candidate" in signal) return connection.addIceCandidate(signal.candidate);
    await connection.setRemoteDescription(signal.description);
    await connection.setLocalDescription();
    await give({ description: connection.localDescription?.toJSON() });
  });
  const elapsedMs = new Promise<number>((resolve) => {
    connection.ondatachannel = ({ channel }) => {
      channel.binaryType = "arraybuffer";
      let left = bytes;
      let startedAt = 0;
      channel.onmessage = ({ data }) => {
        left -= data.byteLength;
        if (left <= 0) resolve(performance.now() - startedAt);
      };
      const start = () => {
        startedAt = performance.now();
        channel.send("go");
      };
      if (channel.readyState === "open") start();
      else channel.onopen = start;
    };
  });
  return { elapsedMs };
}

/** Runs in the sending page. */
async function send(bytes: number): Promise<void> {
  const connection = new RTCPeerConnection();
  const give = Reflect.get(window, "giveSignal");
  connection.onicecandidate = ({ candidate }) => candidate && give({ candidate: candidate.toJSON() });
  Reflect.set(window, "takeSignal", (signal: Signal) =>
    "candidate" in signal
      ? connection.addIceCandidate(signal.candidate)
      : connection.setRemoteDescription(signal.description),
  );
  const channel = connection.createDataChannel("bare");
  channel.bufferedAmountLowThreshold = 256 * 1024;
  const message = new Uint8Array(64 * 1024);
  channel.onmessage = async () => {
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
  await give({ description: connection.localDescription?.toJSON() });
}
