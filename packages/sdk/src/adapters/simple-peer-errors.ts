import { RivuletError } from "../base/errors.ts";

/** What simple-peer or the browser threw, as Rivulet's error. */
export function translate(error: unknown): RivuletError {
  if (error instanceof RivuletError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new RivuletError("connection-failed", `The link failed: ${detail}`, { cause: error });
}

export function tooLarge(bytes: number, limit: number): RivuletError {
  return new RivuletError("frame-too-large", `A frame of ${bytes} bytes is over the limit of ${limit}.`);
}
