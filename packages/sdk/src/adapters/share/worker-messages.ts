import type { ErrorCode } from "../../base/errors.ts";
import { RivuletError } from "../../base/errors.ts";
import type { ChosenFile } from "./chosen-files.ts";

/*
 * What a page and its `rivulet-share-worker.js` say to each other. Both are of one build, so neither checks the other's
 * figures; that they are of one build each question tells, as one that is not understood is answered with an error.
 */

/** What a page asks for, by name. `share` is the id of a share that was claimed. */
export interface Questions {
  /** The hashes come as parts, before the answer. */
  readonly hash: {
    readonly files: readonly ChosenFile[];
    readonly pieceBytes: number;
    /** What was read comes too, as `ReadPart`s. */
    readonly withBytes: boolean;
  };
  readonly crc: { readonly blobs: readonly Blob[] };
  readonly claim: { readonly share: string };
  readonly description: { readonly share: string };
  readonly describe: { readonly share: string; readonly bytes: Uint8Array };
  readonly begin: { readonly share: string; readonly sizes: readonly number[]; readonly pieceBytes: number };
  readonly held: { readonly share: string };
  readonly read: { readonly share: string; readonly piece: number };
  readonly write: { readonly share: string; readonly piece: number; readonly bytes: Uint8Array };
  /** The parts of a piece, and the SHA-256 that they must have together. */
  readonly store: {
    readonly share: string;
    readonly piece: number;
    readonly parts: readonly Uint8Array[];
    readonly hash: Uint8Array;
  };
  readonly copy: {
    readonly share: string;
    readonly volume: number;
    readonly from: number;
    readonly to: number;
  };
  readonly volume: { readonly share: string; readonly volume: number };
  readonly finish: { readonly share: string };
  readonly close: { readonly share: string };
  readonly remove: { readonly share: string };
  readonly list: Readonly<Record<never, never>>;
  readonly forget: { readonly maxAgeMs: number };
}

/** Bytes of the stream that was hashed, from byte `start` on. */
export interface ReadPart {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** What each is answered with. */
export interface Answers {
  readonly hash: undefined;
  /** CRC-32 of each, as ZIP has it. */
  readonly crc: readonly number[];
  readonly claim: undefined;
  readonly description: Uint8Array | undefined;
  readonly describe: undefined;
  /** How many pieces may be there. */
  readonly begin: number;
  /** Bytes that are on disk. */
  readonly held: number;
  readonly read: Uint8Array | undefined;
  readonly write: undefined;
  /** False: they have another, and were not written. */
  readonly store: boolean;
  readonly copy: Uint8Array | undefined;
  readonly volume: File;
  readonly finish: undefined;
  readonly close: undefined;
  readonly remove: undefined;
  readonly list: readonly KeptShare[];
  /** Ids of what was deleted. */
  readonly forget: readonly string[];
}

export type QuestionName = keyof Questions;

/** A share that is on this browser's disk. */
export interface KeptShare {
  readonly id: string;
  /** When something was last written, ms since 1970; 0: not known. */
  readonly usedAt: number;
  /** Some tab has it open. */
  readonly isOpen: boolean;
}

/** One question, numbered; or that its answer is no longer of interest. */
export type ToShareWorker =
  | {
      [Name in QuestionName]: {
        readonly id: number;
        readonly ask: Name;
        readonly question: Questions[Name];
      };
    }[QuestionName]
  | { readonly id: number; readonly ask: "cancel" };

export type FromShareWorker =
  /** Once, when it listens. */
  | { readonly ready: true }
  | { readonly id: number; readonly part: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly code: string; readonly message: string };

/** The codes that a worker's errors have. */
const CODES: readonly ErrorCode[] = [
  "aborted",
  "bad-option",
  "file-changed",
  "file-unreadable",
  "file-unwritable",
  "insecure-context",
  "share-open-elsewhere",
  "storage-full",
  "storage-unavailable",
  "worker-unavailable",
];

/** The error that a worker told of. */
export function toldError(code: string, message: string): RivuletError {
  return new RivuletError(CODES.find((known) => known === code) ?? "worker-unavailable", message);
}

/** The memory of these bytes, to be handed over instead of copied: they are gone from the side that sends them. */
export function memoryOf(bytes: unknown): ArrayBuffer[] {
  if (Array.isArray(bytes)) return bytes.flatMap(memoryOf);
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
