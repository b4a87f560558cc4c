import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-addresses.ts";

/** An address as a name's look-up gives it. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name; rejects when it has none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** The `code` of the error that a connection fails with when its address may not be connected to. */
export const ADDRESS_REFUSED = "RIVULET_ADDRESS_REFUSED";

/** True for a host that is written as an address which may not be connected to: no look-up is made for those. */
export function isRefusedLiteral(url: URL, allowPrivate: boolean): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host);
}

/**
 * A look-up for sockets. The addresses that it has judged are the ones that the socket then connects to: a name that is
 * looked up a second time, after the check, could lead elsewhere (DNS rebinding).
 */
export function pinnedLookup(options: {
  readonly resolve: Resolve;
  readonly allowPrivate: boolean;
}): LookupFunction {
  const resolveChecked = async (hostname: string): Promise<readonly ResolvedAddress[]> => {
    const addresses = await options.resolve(hostname);
    const refused = options.allowPrivate ? undefined : addresses.find((one) => !isPublicAddress(one.address));
    // One among several is enough: such a name is either a mistake or a trap.
    if (refused) throw refusal(`${hostname} leads to ${refused.address}`);
    if (addresses.length === 0) throw new Error(`${hostname} has no address`);
    return addresses;
  };
  return (hostname, { all, family }, callback) => {
    resolveChecked(hostname).then(
      (addresses) => {
        const found = addresses.filter(
          (one) => !family || family === one.family || family === `IPv${one.family}`,
        );
        const [first] = found;
        if (all) callback(null, [...found]);
        else if (first) callback(null, first.address, first.family);
        else callback(new Error(`${hostname} has no address of family ${family}`), "");
      },
      (error: Error) => callback(error, ""),
    );
  };
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: ADDRESS_REFUSED });
}
