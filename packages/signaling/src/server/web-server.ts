import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { RivuletError, second } from "@rivulet/sdk/protocol";

export interface TlsFiles {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** Until a TLS handshake is through, none of HTTP's own timeouts runs. */
const HANDSHAKE_TIMEOUT_MS = 10 * second;

/** An HTTP server, over TLS when there is a certificate. */
export interface WebServer {
  readonly server: Server | TlsServer;
  readonly isSecure: boolean;
  /** Reads the certificate again; connections that are open keep theirs. False without TLS; throws as `webServer`. */
  reload(): boolean;
}

/** @throws RivuletError `bad-option` when the files cannot be read or do not go together. */
export function webServer(files: TlsFiles, options: ServerOptions, answer: RequestListener): WebServer {
  const { tlsCert, tlsKey } = files;
  if (tlsCert === undefined || tlsKey === undefined) {
    return { server: createServer(options, answer), isSecure: false, reload: () => false };
  }
  const context = () => readPair(tlsCert, tlsKey);
  const server = reporting(tlsCert, () =>
    createTlsServer({ ...options, ...context(), handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, answer),
  );
  const reload = () => {
    reporting(tlsCert, () => server.setSecureContext(context()));
    return true;
  };
  return { server, isSecure: true, reload };
}

function readPair(tlsCert: string, tlsKey: string) {
  return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
}

function reporting<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError("bad-option", `The certificate ${path} and its key cannot be used: ${reason}.`, {
      cause,
    });
  }
}
