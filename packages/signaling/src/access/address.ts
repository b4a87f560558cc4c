import { isIPv4, isIPv6 } from "node:net";

/**
 * The name under which connections from one place are counted. IPv4 is counted by address, also when it comes mapped
 * into IPv6. IPv6 is counted by its first 64 bits, as one subscriber is given at least that many: counted by address,
 * a single attacker would have 2^64 of them. What is no address is counted under its own name.
 */
export function addressKey(address: string): string {
  const plain = plainAddress(address) ?? address;
  return isIPv6(plain) ? `${groups(plain).slice(0, 4).join(":")}::/64` : plain;
}

/** What addresses of one network mostly share: IPv4's first 16 bits, IPv6's first 32, which one provider is given. */
export function addressGroup(address: string): string {
  const plain = plainAddress(address) ?? "";
  if (isIPv4(plain)) return `${plain.split(".").slice(0, 2).join(".")}.0.0/16`;
  return plain === "" ? "" : `${groups(plain).slice(0, 2).join(":")}::/32`;
}

/** An address without a zone, and as IPv4 when it is one that was mapped into IPv6; undefined for what is no address. */
export function plainAddress(text: string): string | undefined {
  const bare = text.split("%")[0] ?? "";
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  const all = groups(bare);
  const isMapped = all.slice(0, 5).every((group) => group === "0") && all[5] === "ffff";
  return isMapped ? all.slice(6).flatMap(bytesOf).join(".") : bare;
}

/** The eight groups of an IPv6 address, with the zeros that `::` leaves out, and IPv4 at its end as two of them. */
function groups(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const missing = Math.max(0, 8 - before.length - after.length);
  const zeros = Array.from({ length: missing }, () => "0");
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}

function groupsOf(part: string): string[] {
  return (part === "" ? [] : part.split(":")).flatMap((group) => {
    if (!group.includes(".")) return group;
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d].map((pair) => pair.toString(16));
  });
}

function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
