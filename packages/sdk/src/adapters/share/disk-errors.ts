import { RivuletError } from "../../base/errors.ts";

/** What a `DOMException` is called; a foreign error of another kind has some other name, or none. */
export function nameOfError(cause: unknown): string {
  return cause instanceof Error ? cause.name : "";
}

const CHANGED = new Set(["NotReadableError", "NotFoundError", "AbortError"]);

/** Why a file that was shared could not be read. */
export function readProblem(path: string, cause?: unknown): RivuletError {
  const name = nameOfError(cause);
  // In such words browsers refuse a file that is not what it was when it was chosen (Firefox: "AbortError"); or it is shorter.
  if (cause === undefined || CHANGED.has(name)) {
    return new RivuletError(
      "file-changed",
      `"${path}" was changed, moved or deleted after it was shared. Share it again.`,
      { cause },
    );
  }
  return new RivuletError("file-unreadable", `"${path}" cannot be read: ${cause}`, { cause });
}

/** Why something could not be written; `what` begins the sentence. */
export function writeProblem(what: string, cause: unknown): RivuletError {
  if (cause instanceof RivuletError) return cause;
  if (nameOfError(cause) === "QuotaExceededError") {
    return new RivuletError(
      "storage-full",
      `${what} could not be written: the disk, or what the browser lets this site have of it, is full. Free some space and open the link again.`,
      { cause },
    );
  }
  return new RivuletError("file-unwritable", `${what} could not be written: ${cause}`, { cause });
}

/** That there is no room, and how much would have to be there. */
export function noRoom(missingBytes: number, cause?: unknown): RivuletError {
  return new RivuletError(
    "storage-full",
    `There is no room for these files: ${missingBytes} bytes are missing. Free some space and open the link again.`,
    { cause },
  );
}
