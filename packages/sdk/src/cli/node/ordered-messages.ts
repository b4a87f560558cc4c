import type { DataChannel, PeerConnection } from "node-datachannel";

export type NativeConnection = PeerConnection;

const LOOK_EVERY_MS = 20;

/**
 * A connection whose channels tell of their end only when they have given everything that came. The binding's tell at once,
 * ahead of the messages that wait for this thread, and drop those: so it is not asked to tell, but looked at.
 */
export function ordered(native: NativeConnection): NativeConnection {
  const watches = new Set<ReturnType<typeof setInterval>>();
  const watched = (channel: DataChannel): DataChannel =>
    instead(channel, {
      onClosed: (told: () => void) => {
        let wasOpen = channel.isOpen();
        const watch = setInterval(() => {
          const isOpen = channel.isOpen();
          if (wasOpen && !isOpen) {
            clearInterval(watch);
            watches.delete(watch);
            // What came before waits for this thread no longer than the next timer does.
            setTimeout(told, LOOK_EVERY_MS);
          }
          wasOpen ||= isOpen;
        }, LOOK_EVERY_MS);
        watches.add(watch);
      },
    });
  return instead(native, {
    createDataChannel: (...args: Parameters<NativeConnection["createDataChannel"]>) =>
      watched(native.createDataChannel(...args)),
    onDataChannel: (tell: (channel: DataChannel) => void) =>
      native.onDataChannel((channel) => tell(watched(channel))),
    close: () => {
      for (const watch of watches) clearInterval(watch);
      native.close();
    },
  });
}

/** The same object, some of its methods aside. */
function instead<T extends object>(target: T, methods: { readonly [Name in keyof T]?: unknown }): T {
  const others: Readonly<Record<PropertyKey, unknown>> = methods;
  return new Proxy(target, {
    get: (_, name) => {
      const own: unknown = others[name] ?? Reflect.get(target, name);
      // Native methods want the native object.
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
