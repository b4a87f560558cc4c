import type { Page } from "puppeteer-core";
import { WARM_UP_BYTES } from "../bare-channel.ts";
import { connectBare } from "../bare-connection.ts";
import type { BenchPage } from "./bench-page.ts";

declare const window: Window & BenchPage;

/** What the sender reads at once, and the receiver hashes and writes at once, bytes. */
const READ_BYTES = 4 << 20;
const PIECE_BYTES = 1 << 20;

/**
 * Sends the first file that a page made up over a bare RTCDataChannel to the disk of another, and does nothing beside that a
 * share could do without: reads it, passes it to a worker, hashes it piece by piece there and writes it. There is no list,
 * no link, no proof and no check. Returns the milliseconds for all but the first `WARM_UP_BYTES`, until the rest is on disk.
 */
export async function fileChannelTransfer(options: { sender: Page; receiver: Page }): Promise<number> {
  const { sender, receiver } = options;
  const bytes = await sender.evaluate(() => window.made?.[0]?.file.size ?? 0);
  const received = await receiver.evaluateHandle(prepareReceiver, {
    bytes,
    warmUpBytes: WARM_UP_BYTES,
    pieceBytes: PIECE_BYTES,
  });
  const sent = await sender.evaluateHandle(prepareSender, READ_BYTES);
  await connectBare({ page: sender, end: sent }, { page: receiver, end: received });
  return receiver.evaluate((receiver) => receiver.elapsedMs, received);
}

/** Runs in the receiving page. */
function prepareReceiver(given: { bytes: number; warmUpBytes: number; pieceBytes: number }) {
  const { bytes, warmUpBytes, pieceBytes } = given;
  const name = `file-channel-${Math.random()}`;
  const script = `
    const piece = new Uint8Array(${pieceBytes});
    const folder = navigator.storage.getDirectory();
    const opening = folder.then(async (folder) =>
      (await folder.getFileHandle("${name}", { create: true })).createSyncAccessHandle());
    let at = 0;
    const take = async (parts) => {
      const handle = await opening;
      let length = 0;
      for (const part of parts) {
        piece.set(new Uint8Array(part), length);
        length += part.byteLength;
      }
      await crypto.subtle.digest("SHA-256", piece.subarray(0, length));
      handle.write(piece.subarray(0, length), { at });
      at += length;
      if (at < ${bytes}) return;
      handle.flush();
      postMessage("written");
      handle.close();
      await (await folder).removeEntry("${name}");
      close();
    };
    let last = Promise.resolve();
    onmessage = ({ data }) => { last = last.then(() => take(data)); };`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const connection = new RTCPeerConnection();
  const elapsedMs = new Promise<number>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    connection.ondatachannel = ({ channel }) => {
      channel.binaryType = "arraybuffer";
      let got = 0;
      let startedAt = 0;
      let parts: ArrayBuffer[] = [];
      worker.onmessage = () => resolve(performance.now() - startedAt);
      channel.onmessage = ({ data }) => {
        got += data.byteLength;
        if (got <= warmUpBytes) startedAt = performance.now();
        parts.push(data);
        if (got % pieceBytes > 0 && got < bytes) return;
        worker.postMessage(parts, parts);
        parts = [];
      };
    };
  });
  return { connection, elapsedMs };
}

/** Runs in the sending page; it reads one block ahead. */
function prepareSender(readBytes: number) {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel("file");
  channel.bufferedAmountLowThreshold = 256 * 1024;
  const file = window.made?.[0]?.file as File;
  const read = (from: number) => file.slice(from, from + readBytes).arrayBuffer();
  channel.onopen = async () => {
    let reading = read(0);
    for (let from = 0; from < file.size; from += readBytes) {
      const block = new Uint8Array(await reading);
      reading = read(from + readBytes);
      for (let at = 0; at < block.byteLength; at += 65_536) {
        if (channel.bufferedAmount > 1024 * 1024) {
          await new Promise((resolve) =>
            channel.addEventListener("bufferedamountlow", resolve, { once: true }),
          );
        }
        channel.send(block.subarray(at, Math.min(at + 65_536, block.byteLength)));
      }
    }
  };
  return { connection };
}
