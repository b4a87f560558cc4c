/** What this device says about uploading. */
export interface Conditions {
  /** False while the visitor saves data, pays for it, or has put the page away on battery: it is not ours to spend. */
  uploadAllowed(): boolean;
  /** Calls the listener with the new answer each time it changes; the function it returns stops that. */
  onChange(listener: (allowed: boolean) => void): () => void;
}

type Listen = (type: string, listener: () => void) => void;

/** Something of the browser's that changes. Which members it has differs from browser to browser. */
interface Changing {
  readonly addEventListener?: Listen;
  readonly removeEventListener?: Listen;
}

/** The parts of the Network Information API that are asked; `metered` is its successor's word. */
export interface ConnectionLike extends Changing {
  readonly saveData?: boolean | undefined;
  readonly type?: string | undefined;
  readonly metered?: boolean | undefined;
}

export interface BatteryLike extends Changing {
  readonly charging?: boolean;
}

interface NavigatorLike {
  readonly connection?: ConnectionLike | undefined;
  getBattery?(): Promise<BatteryLike>;
}

export interface DocumentLike extends Changing {
  readonly hidden?: boolean;
}

/**
 * Reads the conditions from the browser. Where it does not say, uploading is allowed: Firefox and Safari tell neither
 * of the connection nor of the battery, and a hidden page alone is no reason to stop.
 */
export function browserConditions(
  navigator: object | undefined = globalThis.navigator,
  document: DocumentLike | undefined = globalThis.document,
): Conditions {
  const device = isNavigatorLike(navigator) ? navigator : {};
  const { connection } = device;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let battery: BatteryLike | undefined;
  const uploadAllowed = () =>
    !(
      connection?.saveData ||
      connection?.metered ||
      connection?.type === "cellular" ||
      (document?.hidden && battery?.charging === false)
    );
  // A policy of the page may forbid it.
  device.getBattery?.().then(
    (found) => {
      battery = found;
      found.addEventListener?.("chargingchange", changed);
      changed();
    },
    () => undefined,
  );
  return {
    uploadAllowed,
    onChange(listener) {
      let last = uploadAllowed();
      const check = () => {
        const allowed = uploadAllowed();
        if (allowed === last) return;
        last = allowed;
        listener(allowed);
      };
      listeners.add(check);
      connection?.addEventListener?.("change", check);
      document?.addEventListener?.("visibilitychange", check);
      return () => {
        listeners.delete(check);
        connection?.removeEventListener?.("change", check);
        document?.removeEventListener?.("visibilitychange", check);
      };
    },
  };
}

/** All members are optional, so any object will do. */
function isNavigatorLike(value: object | undefined): value is NavigatorLike {
  return value !== undefined;
}
