import type { RivuletError } from "../base/errors.ts";

/** Says on the console what is wrong, to the site's owner. */
export function complain({ code, message }: RivuletError): void {
  console.error(`[rivulet] ${code}: ${message}`);
}
