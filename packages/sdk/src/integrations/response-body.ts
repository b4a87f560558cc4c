import { concatBytes } from "../base/bytes.ts";

/** How many bytes an answer says it will bring; 0 when it does not say. */
export function lengthOf(response: Response): number {
  const range = /(\d+)-(\d+)\//.exec(response.headers.get("Content-Range") ?? "");
  if (range) return Number(range[2]) - Number(range[1]) + 1;
  return Number(response.headers.get("Content-Length") ?? 0) || 0;
}

/** The parts of an answer as they arrive. A loop, because Safari has no async iteration over streams. */
export async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A loop that was left early must not leave the rest of the body on its way.
    reader.cancel().catch(() => {});
  }
}

/** One buffer of its own: players hand theirs to a worker, which detaches it, and the store may still hold the parts. */
export function ownCopy(parts: readonly Uint8Array[]): ArrayBuffer {
  return concatBytes(parts).buffer as ArrayBuffer;
}
