import { RivuletError } from "../../base/errors.ts";
import { isRecord, malformed, utf8Bytes } from "./fields.ts";
import { MAX_SIGNAL_BYTES, MAX_SIGNAL_DEPTH } from "./limits.ts";

/** What two WebRTC stacks tell each other (an offer, an answer, a candidate). Opaque here: bounded, never looked into. */
export type SignalData = Readonly<Record<string, unknown>>;

// A receiver that merges or clones a signal carelessly would write these to a prototype that every object shares.
const POISONED = /* @__PURE__ */ new Set(["__proto__", "constructor", "prototype"]);

/** Takes a `signal` as its receiver does, who copies what he knows of it; throws `message-malformed`. */
export function readRelayedSignal(value: unknown): SignalData {
  if (!isRecord(value)) throw malformed(`"signal" is a JSON object.`);
  return value;
}

/** Takes a `signal` as the server does, which hands all of it on; throws `message-malformed` or `message-too-large`. */
export function readSignal(value: unknown): SignalData {
  const signal = readRelayedSignal(value);
  checkShape(signal, MAX_SIGNAL_DEPTH);
  checkSignalSize(signal);
  return signal;
}

/** Serialized again, not as received: numbers and escapes may grow, and the receiver's limit holds for what is sent. */
export function checkSignalSize(signal: SignalData): void {
  if (utf8Bytes(JSON.stringify(signal)) > MAX_SIGNAL_BYTES) {
    throw new RivuletError("message-too-large", `A "signal" is at most ${MAX_SIGNAL_BYTES} bytes of JSON.`);
  }
}

function checkShape(value: unknown, depthLeft: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depthLeft === 0) throw malformed(`A "signal" is at most ${MAX_SIGNAL_DEPTH} levels deep.`);
  for (const [key, child] of Object.entries(value)) {
    if (POISONED.has(key)) throw malformed(`A "signal" has no field named "${key}".`);
    checkShape(child, depthLeft - 1);
  }
}
