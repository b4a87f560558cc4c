/** What a tracker's link needs of a WebSocket: the browser's own has it, and that of `ws`. */
export interface TrackerWebSocket {
  /** Bytes that were sent and have not left this machine. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
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
