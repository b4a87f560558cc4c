import { parsePeerId } from "#sdk/base/ids.ts";
import type { ProvedMessage } from "#sdk/client/share/secure-link.ts";

type Part = Extract<ProvedMessage, { readonly type: "listing" }>;

let partners = 0;

/** The other end of a proved connection, as the test plays it. */
export function testPartner() {
  const heard: ProvedMessage[] = [];
  const cuts: { readonly code?: string }[] = [];
  return {
    peer: parsePeerId((++partners).toString(16).padStart(32, "0")),
    heard,
    cuts,
    bufferedBytes: 0,
    say: (message: ProvedMessage) => void heard.push(message),
    cut: (error: unknown) => void cuts.push(error as { readonly code?: string }),
    /** From which byte on it was asked for the list. */
    get asks() {
      return heard.flatMap((message) => (message.type === "ask" ? [message.listingFrom] : []));
    },
    get parts() {
      return heard.filter((message): message is Part => message.type === "listing");
    },
  };
}
