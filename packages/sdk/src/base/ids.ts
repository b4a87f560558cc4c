import { RivuletError } from "./errors.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Names a peer for one visit: 16 bytes as 32 lower-case hex digits, the head of SHA-256 of a secret only it knows. */
export type PeerId = Branded<"PeerId">;
/** Names a content: the SHA-256 of its manifest's bytes, as 64 lower-case hex digits. */
export type ContentId = Branded<"ContentId">;
/** Names one attempt to connect two peers: 16 lower-case hex digits chosen by the one who dials. */
export type DialId = Branded<"DialId">;

export const PEER_ID_BYTES = 16;
export const CONTENT_ID_BYTES = 32;
export const DIAL_ID_BYTES = 8;

function parser<Id extends string>(what: string, bytes: number): (text: unknown) => Id {
  const shape = new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  return (text) => {
    if (typeof text !== "string" || !shape.test(text)) {
      throw new RivuletError("message-malformed", `A ${what} is ${bytes * 2} lower-case hex digits.`);
    }
    return text as Id;
  };
}

/** Each throws `message-malformed` when the text has another shape. */
export const parsePeerId = parser<PeerId>("peer id", PEER_ID_BYTES);
export const parseContentId = parser<ContentId>("content id", CONTENT_ID_BYTES);
export const parseDialId = parser<DialId>("dial id", DIAL_ID_BYTES);
