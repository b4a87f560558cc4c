import { BlockList, isIPv4 } from "node:net";
import { RivuletError } from "@rivulet/sdk/protocol";
import { plainAddress } from "./address.ts";

/** Where a connection comes from, and whether a proxy that is believed said so. */
export interface ClientAddress {
  /** Without a zone, and IPv4 as such also where it came mapped into IPv6; empty when the socket has no address. */
  readonly address: string;
  /** Whether the socket's own peer is a trusted proxy, whose other headers may be believed too. */
  readonly throughProxy: boolean;
}

/** So many entries of the header are looked at; more proxies than these in a row are nobody's. */
const MAX_ENTRIES = 32;

const NAMED: Readonly<Record<string, readonly string[]>> = {
  // RFC 1122 §3.2.1.3, RFC 4291 §2.5.3
  loopback: ["127.0.0.0/8", "::1"],
  // RFC 1918, RFC 4193
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/**
 * The proxies whose X-Forwarded-For is believed. The option's entries are addresses, CIDR ranges, the names `loopback`
 * (127.0.0.0/8, ::1) and `private` (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7), or one whole number, alone:
 * so many proxies stand in front, whatever their addresses.
 *
 * With addresses, the header counts only when the socket's own peer is trusted. Each proxy appends whom it was asked by,
 * so the header is read from its end: the first entry that is not trusted is the client; when all are trusted, the first
 * of the header is. With a number n, the n-th entry from the end is the client, or the first when there are fewer: right
 * only where nobody reaches the server past the proxies. In both, an entry that is no address ends the reading, and the
 * last one before it is the client, which is the socket's peer when there is none. An entry's port is ignored
 * (`192.0.2.7:5678`, `[2001:db8::7]:443`). Several header lines count as one, joined by commas, as Node joins them.
 */
export class TrustedProxies {
  readonly #trusted = new BlockList();
  readonly #hops: number | undefined;

  /** @throws RivuletError `bad-option` for an entry that is none, and for a number that is not alone. */
  constructor(entries: readonly string[]) {
    const [first, ...rest] = entries;
    if (first !== undefined && rest.length === 0 && /^\d+$/.test(first)) {
      this.#hops = Number(first);
      if (this.#hops < 1 || this.#hops > MAX_ENTRIES) throw badEntry(first);
      return;
    }
    for (const entry of entries) {
      const ranges = Object.hasOwn(NAMED, entry) ? (NAMED[entry] ?? []) : [entry];
      for (const range of ranges) this.#trust(range);
    }
  }

  /** `remote`: the socket's peer. `forwarded`: the header's value. Never throws, whatever they hold. */
  clientOf(remote: string | undefined, forwarded: string | undefined): ClientAddress {
    const peer = plainAddress(remote ?? "") ?? remote ?? "";
    const throughProxy = this.#hops !== undefined || this.#trusts(peer);
    if (!throughProxy || forwarded === undefined) return { address: peer, throughProxy };
    let address = peer;
    for (const entry of forwarded
      .split(",")
      .slice(-(this.#hops ?? MAX_ENTRIES))
      .reverse()) {
      const next = entryAddress(entry);
      if (next === undefined) break;
      address = next;
      if (this.#hops === undefined && !this.#trusts(next)) break;
    }
    return { address, throughProxy };
  }

  #trusts(address: string): boolean {
    return address !== "" && this.#trusted.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  }

  #trust(range: string): void {
    const [address = "", bits, ...rest] = range.split("/");
    const plain = plainAddress(address);
    // A range of mapped addresses has another length than the range of IPv4 that it is: nobody writes one.
    if (plain === undefined || rest.length > 0 || address.includes("%")) throw badEntry(range);
    if (bits !== undefined && plain !== address) throw badEntry(range);
    const family = isIPv4(plain) ? "ipv4" : "ipv6";
    const most = family === "ipv4" ? 32 : 128;
    if (bits === undefined) this.#trusted.addAddress(plain, family);
    else if (/^\d{1,3}$/.test(bits) && Number(bits) <= most) {
      this.#trusted.addSubnet(plain, Number(bits), family);
    } else throw badEntry(range);
  }
}

/** `192.0.2.7`, `192.0.2.7:5678`, `2001:db8::7`, `[2001:db8::7]`, `[2001:db8::7]:443`; undefined for anything else. */
function entryAddress(entry: string): string | undefined {
  const text = entry.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIPv4(bracketed) ? undefined : plainAddress(bracketed);
  return plainAddress(/^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text);
}

function badEntry(entry: string): RivuletError {
  return new RivuletError(
    "bad-option",
    `A trusted proxy is an address, a CIDR range, "loopback", "private", or a number of hops from 1 to ${MAX_ENTRIES} alone, not "${entry}".`,
  );
}
