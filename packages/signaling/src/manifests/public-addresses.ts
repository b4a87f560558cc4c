import { BlockList, isIPv4, isIPv6 } from "node:net";

/*
 * Who may name URLs could otherwise reach what only this machine reaches: its own loopback, the machines beside it, the
 * metadata service of its cloud (169.254.169.254). The ranges are IANA's special-purpose registries (RFC 6890).
 */

const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  // carrier-grade NAT
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  // relays of 6to4
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // multicast, then what is reserved, with the broadcast address
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/**
 * All that is global unicast today. What lies outside is refused without a list of its own: loopback, link-local,
 * unique local, multicast, and the forms that carry an IPv4 address: mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96).
 */
const GLOBAL_IPV6: readonly [network: string, prefix: number] = ["2000::", 3];

const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  // protocol assignments, among them Teredo, which carries an IPv4 address
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4, which carries one too
  ["2002::", 16],
  ["3fff::", 20],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");
const global6 = new BlockList();
global6.addSubnet(...GLOBAL_IPV6, "ipv6");

/** True for an address that everybody on the Internet reaches alike; false for others and for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  return isIPv6(address) && global6.check(address, "ipv6") && !special.check(address, "ipv6");
}
