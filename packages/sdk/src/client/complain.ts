import { RivuletError } from "../base/errors.ts";

/** Says on the console what is wrong, to the site's owner. */
export function complain(error: unknown): void {
  console.error(`[rivulet] ${error instanceof RivuletError ? `${error.code}: ${error.message}` : error}`);
}
