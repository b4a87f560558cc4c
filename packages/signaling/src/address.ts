import { isIPv4, isIPv6 } from "node:net";

/**
 * The name under which connections from one place are counted. IPv4 is counted by address, also when it comes mapped
 * into IPv6. IPv6 is counted by its first 64 bits, as one subscriber is given at least that many: counted by address,
 * a single attacker would have 2^64 of them.
 */
export function addressKey(address: string): string {
  const bare = address.split("%")[0] ?? "";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIPv4(bare) || !isIPv6(bare)) return bare;
  return `${groups(bare).slice(0, 4).join(":")}::/64`;
}

/** The last entry of X-Forwarded-For: the only one that the operator's own proxy wrote. The rest is the client's word. */
export function forwardedAddress(header: string | undefined): string | undefined {
  const last = header?.split(",").at(-1)?.trim();
  return last !== undefined && (isIPv4(last) || isIPv6(last)) ? last : undefined;
}

/** The eight groups of an IPv6 address, with the zeros that `::` leaves out. */
function groups(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = Math.max(0, 8 - before.length - after.length);
  const zeros = Array.from({ length: missing }, () => "0");
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}
