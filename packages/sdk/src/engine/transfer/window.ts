import { MIB } from "../../base/bytes.ts";
import { second } from "../../base/time.ts";
import type { Want } from "../io.ts";
import type { EngineOptions } from "../options.ts";

/** A want under way. */
export interface ActiveWant {
  readonly want: Want;
  readonly since: number;
  /** Bytes that were wanted and not delivered when this want came: they are due before it, at the same pace. */
  readonly backlogBytes: number;
  /** First byte that is not delivered yet. */
  cursor: number;
  /** When it last moved, or was set. */
  movedAt: number;
  /** First byte that the page has not consumed yet. */
  consumed: number;
}

/** The end of a window: the first piece beyond it, and beyond what peers are told of it, if any is. */
export interface Edge {
  readonly piece: number;
  readonly told: number | undefined;
}

export type WindowOptions = Pick<EngineOptions, "firstWindowBytes" | "windowBytes">;

/** A want whose first byte is not due for so long is in no hurry: its window is open at once. */
const PATIENT_MS = 60 * second;
/** Peers hear of a window's end in such steps: it moves with each piece that the page reads. */
const TOLD_BYTES = 1 * MIB;

/** The end of a want's window, bytes of the resource; `alone`: no peer's uplink has to be spared. */
export function windowEnd({ want, consumed }: ActiveWant, options: WindowOptions, alone: boolean): number {
  const { firstWindowBytes, windowBytes } = options;
  const patient = (want.patience.firstByteMs / PATIENT_MS) * windowBytes;
  const open = firstWindowBytes + patient + consumed - want.start;
  return Math.min(want.end, consumed + (alone ? windowBytes : Math.min(windowBytes, open)));
}

/** What peers are told of it, never less. */
export function toldEnd({ want }: ActiveWant, end: number): number {
  return Math.min(want.end, Math.ceil(end / TOLD_BYTES) * TOLD_BYTES);
}
