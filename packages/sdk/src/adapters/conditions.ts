/** What a page is to do without; `no-peers` forbids uploads, too. */
export type Restraint = "none" | "no-uploads" | "no-peers";

/** What the site's owner wants done under which conditions. */
export interface ConditionPolicy {
  readonly globalPrivacyControl: "no-peers" | "relay" | "ignore";
  readonly saveData: "no-uploads" | "no-peers" | "ignore";
  readonly metered: "no-uploads" | "no-peers" | "ignore";
  readonly battery: "no-uploads-hidden" | "no-uploads" | "ignore";
}

/** What this visitor and this device say about peers. */
export interface Conditions {
  /** As of now. */
  readonly restraint: Restraint;
  /** Peers may be reached through TURN servers only. Does not change while the page is there. */
  readonly relayOnly: boolean;
  /** Calls the listener with the new restraint each time it changes; the function it returns stops that. */
  onChange(listener: (restraint: Restraint) => void): () => void;
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

export interface NavigatorLike {
  readonly connection?: ConnectionLike | undefined;
  /** Global Privacy Control (W3C): true when the visitor objects to being passed on to others. */
  readonly globalPrivacyControl?: boolean | undefined;
  getBattery?(): Promise<BatteryLike>;
}

export interface DocumentLike extends Changing {
  readonly hidden?: boolean;
}

/** Whether bytes cost the visitor money, as far as the browser says. */
export function isMetered({ metered, type }: ConnectionLike): boolean {
  return Boolean(metered || type === "cellular");
}

/**
 * Reads the conditions from the browser. Where it does not say, nothing is forbidden: Firefox and Safari tell neither
 * of the connection nor of the battery, and a hidden page alone is no reason to stop.
 */
export function browserConditions(
  policy: ConditionPolicy,
  navigator: object | undefined = globalThis.navigator,
  document: DocumentLike | undefined = globalThis.document,
): Conditions {
  const device = isNavigatorLike(navigator) ? navigator : {};
  const { connection } = device;
  const objects = device.globalPrivacyControl === true && policy.globalPrivacyControl;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let battery: BatteryLike | undefined;
  const restraint = (): Restraint => {
    const onBattery = battery?.charging === false && policy.battery;
    const asked: unknown[] = [
      objects,
      connection?.saveData && policy.saveData,
      connection && isMetered(connection) && policy.metered,
      onBattery === "no-uploads-hidden" ? document?.hidden && "no-uploads" : onBattery,
    ];
    if (asked.includes("no-peers")) return "no-peers";
    return asked.includes("no-uploads") ? "no-uploads" : "none";
  };
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
    get restraint() {
      return restraint();
    },
    relayOnly: objects === "relay",
    onChange(listener) {
      let last = restraint();
      const check = () => {
        const now = restraint();
        if (now === last) return;
        last = now;
        listener(now);
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
