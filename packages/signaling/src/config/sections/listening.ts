import { anyText, proxyText } from "../readers.ts";
import type { RowsFor } from "../rows.ts";

export interface ListeningOptions {
  /** TCP port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; `0.0.0.0` for every IPv4 interface, `::` for every one. */
  readonly host: string;
  /** PEM file with the certificate and its chain; with `tlsKey` the server speaks TLS itself. Read again on SIGHUP. */
  readonly tlsCert: string | undefined;
  /** PEM file with the certificate's private key. */
  readonly tlsKey: string | undefined;
  /**
   * Proxies whose X-Forwarded-For is believed: addresses, CIDR ranges, `loopback`, `private`; or one whole number,
   * as text, of proxies that stand between every client and this server. Empty: the header is ignored.
   */
  readonly trustProxy: readonly string[];
}

export const LISTENING: RowsFor<ListeningOptions> = {
  port: {
    kind: "port",
    default: 8787,
    min: 0,
    max: 65_535,
    value: "N",
    help: "TCP port; 0 takes a free one",
  },
  host: {
    kind: "text",
    default: "127.0.0.1",
    read: anyText,
    takes: "an address to listen on",
    value: "ADDRESS",
    help: "address to listen on",
  },
  tlsCert: {
    kind: "path",
    default: undefined,
    read: anyText,
    takes: "the path of a PEM file",
    value: "FILE",
    help: "certificate chain in PEM, for wss: without a proxy; read again on SIGHUP",
  },
  tlsKey: {
    kind: "path",
    default: undefined,
    read: anyText,
    takes: "the path of a PEM file",
    value: "FILE",
    help: "the certificate's private key in PEM",
  },
  trustProxy: {
    kind: "list",
    default: [],
    read: proxyText,
    takes: "addresses, CIDR ranges, loopback, private, or one number of proxies from 1 to 32",
    value: "LIST",
    help: "proxies whose X-Forwarded-For is believed: addresses, ranges, loopback, private, or how many",
  },
};
