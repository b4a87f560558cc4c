import { KIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";

/*
 * What simple-peer's two ends tell each other. It comes from a stranger through the tracker, and simple-peer believes
 * all of it: an offer with a camera's tracks makes it start decoders, a `transceiverRequest` or a `renegotiate` makes it
 * build new offers for as long as they keep coming. So only these two shapes pass.
 */
export type PeerSignal =
  | { readonly type: "offer" | "answer"; readonly sdp: string }
  | { readonly type: "candidate"; readonly candidate: RTCIceCandidateInit };

/** A data channel's description is about 500 characters, 2,000 in Firefox with all its candidates. */
const MAX_SDP_LENGTH = 16 * KIB;
const MAX_CANDIDATE_LENGTH = 1 * KIB;
/** Chromium's longest `sdpMid` is one digit; RFC 5888 lets it be any token. */
const MAX_MID_LENGTH = 64;

/** Copies what is known and leaves the rest; throws `message-malformed`. */
export function readPeerSignal(signal: object): PeerSignal {
  const { type, sdp, candidate } = asRecord(signal);
  switch (type) {
    case "offer":
    case "answer":
      return { type, sdp: readSdp(sdp) };
    case "candidate":
      return { type, candidate: readCandidate(candidate) };
    default:
      throw malformed("no offer, answer or candidate");
  }
}

function readSdp(sdp: unknown): string {
  const text = readText(sdp, MAX_SDP_LENGTH, "session description");
  if (/^m=(?!application )/m.test(text)) throw malformed("audio or video");
  return text;
}

function readCandidate(value: unknown): RTCIceCandidateInit {
  const { candidate, sdpMid, sdpMLineIndex } = asRecord(value);
  return {
    candidate: readText(candidate, MAX_CANDIDATE_LENGTH, "candidate"),
    sdpMid: sdpMid === null || sdpMid === undefined ? null : readText(sdpMid, MAX_MID_LENGTH, "media id"),
    sdpMLineIndex: typeof sdpMLineIndex === "number" ? sdpMLineIndex : null,
  };
}

function readText(value: unknown, maxLength: number, what: string): string {
  if (typeof value === "string" && value.length <= maxLength) return value;
  throw malformed(`no ${what}, or too long`);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw malformed("no object");
  return { ...value };
}

function malformed(what: string): RivuletError {
  return new RivuletError("message-malformed", `Malformed signal: ${what}.`);
}
