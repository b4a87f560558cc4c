/** What a tracker's link needs of a WebSocket: the browser's own has it, and that of `ws`. */
export interface TrackerWebSocket {
  readonly url: string;
  readonly readyState: number;
  /** Bytes that were sent and have not left this machine. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
}

/** `WebSocket.OPEN`: 0 is on its way, 2 and 3 are over. */
const OPEN = 1;

/** Makes a connection to a URL. */
export type OpenSocket = new (url: string) => TrackerWebSocket;

/** What lets a peer in, for the URL's query; a function is asked anew for each connection. Empty: none. */
export type Token = string | (() => string | Promise<string>);

/** Where a link is opened. @throws TypeError for a URL that is none. */
export function socketUrl(signal: string, token: string): string {
  const url = new URL(signal);
  if (token) url.searchParams.set("token", token);
  return url.href;
}

/** The first connection is one that was opened before, when it goes to the same place and is not over yet. */
export function openedBefore(early: TrackerWebSocket, Later: OpenSocket): OpenSocket {
  let left: TrackerWebSocket | undefined = early;
  const open = (url: string): TrackerWebSocket => {
    const opened = left;
    left = undefined;
    if (opened?.url === url && opened.readyState <= OPEN) return opened;
    opened?.close();
    return new Later(url);
  };
  return class {
    constructor(url: string) {
      // biome-ignore lint/correctness/noConstructorReturn: it stands for a constructor of sockets
      return open(url) as never;
    }
  } as OpenSocket;
}

/** Calls back when the socket is open, which it may be already. */
export function whenOpen(socket: TrackerWebSocket, then: () => void): void {
  if (socket.readyState === OPEN) then();
  else socket.addEventListener("open", then);
}

/** Starts a timer; what it returns stops it. */
export type StartTimer = (callback: () => void, delayMs: number) => () => void;

/** Where the browser says that it has a network again. */
export interface OnlineEvents {
  addEventListener(type: "online", listener: () => void): void;
  removeEventListener(type: "online", listener: () => void): void;
}

export const startTimer: StartTimer = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
