import type { RivuletError } from "../../base/errors.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";

/** Somebody connected who has proved to know the link. */
export interface SharePeer {
  /** 32 hex digits, for one visit. */
  readonly id: string;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
  /** What share of the content it has, 0 to 1. */
  readonly complete: number;
}

/** What a sender or receiver is doing. */
export type ShareState =
  /** A receiver that knows nothing of the files yet: nobody who does was reached. */
  | "looking"
  /** A receiver that checks what an earlier visit has left on disk. */
  | "checking"
  /** A receiver that gets pieces. */
  | "receiving"
  /** A receiver that gets nothing: nobody connected has what is missing. `missingBytes` says how much that is. */
  | "waiting"
  /** A sender that still hashes; what is hashed is sent already. */
  | "hashing"
  /** Everything is there, and is given to whoever asks. */
  | "seeding"
  /** A sender that cannot go on, as a file changed; or a receiver, as the disk is full. See `error`. */
  | "failed"
  | "stopped";

export interface ShareProgress {
  readonly state: ShareState;
  /** Of all files, bytes; 0 while they are not known. */
  readonly totalBytes: number;
  /** Sender: hashed. Receiver: verified and written. */
  readonly doneBytes: number;
  /** `doneBytes` of each file, in the order of `files`. */
  readonly fileDoneBytes: readonly number[];
  /** Sent to others since the share was opened. */
  readonly uploadedBytes: number;
  /** Sender: of hashing while it hashes, then of what is sent. Receiver: of what comes. Over the last four seconds. */
  readonly bytesPerSecond: number;
  /** Receiver: until all is there, at this rate; undefined: cannot be told, or it is. */
  readonly remainingMs: number | undefined;
  /** Receiver: of what is missing, what nobody connected has. */
  readonly missingBytes: number;
  readonly peers: readonly SharePeer[];
  /** What the signaling server's link is doing. */
  readonly tracker: "off" | "connecting" | "up" | "down";
  /** Why it failed, when it did. */
  readonly error: RivuletError | undefined;
}

export interface ShareEvents {
  /** Emitted when the files are known: at once to a sender; a receiver hears it once. */
  readonly files: { readonly files: readonly SharedFile[] };
  /** Emitted while something changes, at most four times a second, and at each change of state. */
  readonly progress: ShareProgress;
  /** Emitted when a receiver has one file whole and verified, by its place in `files`. */
  readonly file: { readonly file: number };
  /** Emitted when something is wrong that a person should know of; the share goes on. */
  readonly problem: { readonly error: RivuletError };
}
