import type { Page } from "puppeteer-core";
import type { Viewer } from "./stage.ts";
import { waitFor } from "./wait-for.ts";

/** What a page has not finished, or not closed. */
export interface PendingWork {
  /** Timers that were set and neither fired nor were cleared, by the script that set them. */
  readonly timers: Readonly<Record<string, number>>;
  /** Whoever made them. */
  readonly connections: number;
  readonly sockets: number;
  /** The URLs of requests that the page still waits for, or reads. */
  readonly requests: readonly string[];
}

declare const window: Window & typeof globalThis & { pendingWork(): Omit<PendingWork, "requests"> };

/** By request, its URL. */
const openRequestsOf = new WeakMap<Page, ReadonlyMap<unknown, string>>();

/** Counts from now on. Must be called before the page is opened. */
export async function countPendingWork(page: Page): Promise<void> {
  // The browser's own books: they also have what is left unread of an answer.
  const open = new Map<unknown, string>();
  page.on("request", (request) => open.set(request, request.url()));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  openRequestsOf.set(page, open);
  await page.evaluateOnNewDocument(() => {
    const timers = new Map<unknown, string>();
    /** The script nearest to the call; those that are evaluated, as this one, have no URL. */
    const caller = () => /https?:[^ ]+\/([^/ ]+\.js)/.exec(new Error().stack ?? "")?.[1] ?? "page";
    const { setTimeout: later, clearTimeout: forget, setInterval: often, clearInterval: stop } = window;
    const setTimer = (task: TimerHandler, ms?: number, ...rest: unknown[]) => {
      const timer = later(() => {
        timers.delete(timer);
        if (typeof task === "function") task(...rest);
      }, ms);
      timers.set(timer, caller());
      return timer;
    };
    const setRepeated = (...given: Parameters<typeof often>) => {
      const timer = often(...given);
      timers.set(timer, caller());
      return timer;
    };
    const clearing = (clear: typeof forget) => (timer: number | undefined) => {
      timers.delete(timer);
      clear(timer);
    };
    Object.assign(window, {
      setTimeout: setTimer,
      setInterval: setRepeated,
      clearTimeout: clearing(forget),
      clearInterval: clearing(stop),
    });
    const connections: RTCPeerConnection[] = [];
    const sockets: WebSocket[] = [];
    const { RTCPeerConnection: Connection, WebSocket: Socket } = window;
    window.RTCPeerConnection = class extends Connection {
      constructor(...given: ConstructorParameters<typeof Connection>) {
        super(...given);
        connections.push(this);
      }
    };
    window.WebSocket = class extends Socket {
      constructor(...given: ConstructorParameters<typeof Socket>) {
        super(...given);
        sockets.push(this);
      }
    };
    window.pendingWork = () => {
      const counts: Record<string, number> = {};
      for (const script of timers.values()) counts[script] = (counts[script] ?? 0) + 1;
      return {
        timers: counts,
        connections: connections.filter(({ signalingState }) => signalingState !== "closed").length,
        sockets: sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length,
      };
    };
  });
}

export async function pendingWork({ page }: Viewer): Promise<PendingWork> {
  const counted = await page.evaluate(() => window.pendingWork());
  return { ...counted, requests: [...(openRequestsOf.get(page)?.values() ?? [])] };
}

/** Waits until so little is left; fails with what is after `seconds`. */
export async function untilLeft(
  viewer: Viewer,
  wished: (left: PendingWork) => boolean,
  seconds = 5,
): Promise<void> {
  await waitFor({ look: () => pendingWork(viewer), wished, seconds, otherwise: "Left" });
}
