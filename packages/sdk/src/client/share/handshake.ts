import { concatBytes, equalBytes, fromHex } from "../../base/bytes.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";

/** Which of the two ends somebody is. */
export type End = "dialler" | "answerer";

/** All that both ends of one connection must agree on. */
export interface Transcript {
  readonly content: ContentId;
  readonly peers: Readonly<Record<End, PeerId>>;
  readonly nonces: Readonly<Record<End, Uint8Array>>;
  /** SHA-256 of the DTLS certificates, as this end has them, 32 bytes each. */
  readonly prints: Readonly<Record<End, Uint8Array>>;
}

/** Makes a MAC with the key that the link gives. */
type Prove = (message: Uint8Array) => Promise<Uint8Array>;

export interface Proof {
  /** Shows that its maker knows the link, and the password. */
  readonly knows: Uint8Array;
  /** And that nobody sits in between: both ends see the same certificates. */
  readonly bound: Uint8Array;
}

const CONTEXT = new TextEncoder().encode("rivulet share proof 1\n");
const CODE: Readonly<Record<End, number>> = { dialler: 1, answerer: 2 };

/** What one end says of itself; nobody can turn the other end's own proof against it, as both name who proves. */
export async function makeProof(by: End, transcript: Transcript, prove: Prove): Promise<Proof> {
  const { content, peers, nonces, prints } = transcript;
  const said = (kind: number, ...more: readonly Uint8Array[]) =>
    concatBytes([
      CONTEXT,
      Uint8Array.of(kind, CODE[by]),
      fromHex(content),
      fromHex(peers.dialler),
      fromHex(peers.answerer),
      nonces.dialler,
      nonces.answerer,
      ...more,
    ]);
  const [knows, bound] = await Promise.all([prove(said(1)), prove(said(2, prints.dialler, prints.answerer))]);
  return { knows, bound };
}

/** Whether the other end proved what it should. */
export async function judgeProof(
  proof: Proof,
  { by, transcript, prove }: { readonly by: End; readonly transcript: Transcript; readonly prove: Prove },
): Promise<"good" | "unknown" | "intercepted"> {
  const expected = await makeProof(by, transcript, prove);
  // Who guesses gets one guess a connection, so that the time a comparison takes tells nothing of use.
  if (!equalBytes(proof.knows, expected.knows)) return "unknown";
  return equalBytes(proof.bound, expected.bound) ? "good" : "intercepted";
}
