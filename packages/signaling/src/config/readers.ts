import { isIP } from "node:net";
import type { ReadText } from "./rows.ts";

export const anyText: ReadText = (text) => (text === "" ? undefined : text);

export function matching(pattern: RegExp): ReadText {
  return (text) => (pattern.test(text) ? text : undefined);
}

export function oneOf(words: readonly string[]): ReadText {
  return (text) => (words.includes(text) ? text : undefined);
}

/** At least so many bytes of UTF-8. */
export function longEnough(minBytes: number): ReadText {
  return (text) => (Buffer.byteLength(text) >= minBytes ? text : undefined);
}

/** A page's origin as a browser writes it in its Origin header; not what is none, such as a URL with a path. */
export const originText: ReadText = (text) => {
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname, search, hash, username, password } = new URL(text);
  const hasMore = pathname !== "/" || search !== "" || hash !== "" || username !== "" || password !== "";
  return origin === "null" || hasMore ? undefined : origin;
};

/** An origin that HTTP can fetch from. */
export const webOrigin: ReadText = (text) => {
  const origin = originText(text);
  return origin !== undefined && /^https?:/.test(origin) ? origin : undefined;
};

/** A URL of one of these schemes, written as `redis:`. */
export function urlOf(schemes: readonly string[]): ReadText {
  return (text) =>
    URL.canParse(text) && schemes.includes(new URL(text).protocol) && new URL(text).host !== ""
      ? text
      : undefined;
}

const HOST = String.raw`(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?`;
/** RFC 7064. */
export const stunUrl = matching(new RegExp(`^stuns?:${HOST}$`, "i"));
/** RFC 7065. */
export const turnUrl = matching(new RegExp(String.raw`^turns?:${HOST}(\?transport=(udp|tcp))?$`, "i"));

/** Keys come over HTTPS, or from this machine: whoever can change them on the way lets in whom he likes. */
export const keySetPlace: ReadText = (text) => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return anyText(text);
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return protocol === "https:" || (protocol === "http:" && isLocal) ? text : undefined;
};

const MAX_HOPS = 32;

/** `loopback`, `private`, an address, a CIDR range, or a whole number of hops. */
export const proxyText: ReadText = (text) => {
  if (text === "loopback" || text === "private" || isIP(text) !== 0) return text;
  if (/^[1-9]\d?$/.test(text)) return Number(text) <= MAX_HOPS ? text : undefined;
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128) ? text : undefined;
};

/** A header's name in lower case, as Node has them (RFC 9110 §5.1). */
export const headerName: ReadText = (text) =>
  /^[!#$%&'*+.^`|~\w-]+$/.test(text) ? text.toLowerCase() : undefined;
