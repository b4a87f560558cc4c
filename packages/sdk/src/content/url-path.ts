import { RivuletError } from "../base/errors.ts";

/** What `encodeURIComponent` encodes although a path segment may hold it (RFC 3986 §3.3): $ & + , ; = @ */
const ALLOWED = /%(24|26|2B|2C|3B|3D|40)/g;

/**
 * A file's path as browsers write it in a URL, so that `logo@2x.png` in a page and in a manifest are one string. The
 * colon stays encoded: "a:b" at the head of a relative URL would be a scheme.
 */
export function encodePath(segments: readonly string[]): string {
  try {
    return segments.map(encodeSegment).join("/");
  } catch (cause) {
    throw new RivuletError(
      "file-unreadable",
      `The name of ${JSON.stringify(segments.join("/"))} is not Unicode. Rename it or --exclude it.`,
      { cause },
    );
  }
}

/** The same path whichever characters its writer chose to percent-encode; what cannot be decoded stays as it is. */
export function normalizePath(path: string): string {
  return path
    .split("/")
    .map((segment) => {
      try {
        return encodeSegment(decodeURIComponent(segment));
      } catch {
        return segment;
      }
    })
    .join("/");
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(ALLOWED, decodeURIComponent);
}
