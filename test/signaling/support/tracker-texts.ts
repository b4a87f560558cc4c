import { createHash } from "node:crypto";

/** Twenty bytes as the protocol writes them; about half of them are 0x80 or more. */
function idNo(kind: string, n: number): string {
  return createHash("sha1").update(`${kind} ${n}`).digest().toString("latin1");
}

export const hashNo = (n: number) => idNo("hash", n);
export const peerIdNo = (n: number) => idNo("peer", n);
export const offerIdNo = (n: number) => idNo("offer", n);
export const hexOf = (id: string) => Buffer.from(id, "latin1").toString("hex");

type Fields = Readonly<Record<string, unknown>>;

/** An announce by peer 1 in swarm 1, unless told otherwise. */
export function announceText(fields: Fields = {}): string {
  return JSON.stringify({ action: "announce", info_hash: hashNo(1), peer_id: peerIdNo(1), ...fields });
}

/** An answer by peer 2 to the first offer of peer 1 in swarm 1, unless told otherwise. */
export function answerText(fields: Fields = {}): string {
  const about = { peer_id: peerIdNo(2), to_peer_id: peerIdNo(1), offer_id: offerIdNo(0) };
  return announceText({ ...about, answer: { type: "answer", sdp: "a" }, ...fields });
}

export function scrapeText(infoHash: unknown): string {
  return JSON.stringify({ action: "scrape", info_hash: infoHash });
}

/** So many prepared offers; `first` is the number of the first one. */
export function offers(count: number, first = 0): Fields[] {
  return Array.from({ length: count }, (_, n) => ({
    offer: { type: "offer", sdp: `o${first + n}` },
    offer_id: offerIdNo(first + n),
  }));
}

/** A JSON string with every character written as an escape. */
export function escaped(text: string): string {
  const codes = Array.from({ length: text.length }, (_, n) => text.charCodeAt(n));
  return `"${codes.map((code) => `\\u${code.toString(16).padStart(4, "0")}`).join("")}"`;
}
