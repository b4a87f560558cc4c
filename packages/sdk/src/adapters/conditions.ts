/** What this device's connection says about uploading. */
export interface Conditions {
  /** False while the visitor saves data or pays for it: what they upload then is not ours to spend. */
  uploadAllowed(): boolean;
  /** Calls the listener with the new answer each time it changes; the function it returns stops that. */
  onChange(listener: (allowed: boolean) => void): () => void;
}

/** The parts of the Network Information API that are asked. Only some browsers have it, and each has some of it. */
export interface ConnectionLike {
  readonly saveData?: boolean | undefined;
  readonly type?: string | undefined;
  addEventListener?(type: "change", listener: () => void): void;
  removeEventListener?(type: "change", listener: () => void): void;
}

/** Reads the conditions from the browser. Where it does not say, uploading is allowed. */
export function browserConditions(navigator: object | undefined = globalThis.navigator): Conditions {
  const connection = connectionOf(navigator);
  const uploadAllowed = () => connection?.saveData !== true && connection?.type !== "cellular";
  return {
    uploadAllowed,
    onChange(listener) {
      let last = uploadAllowed();
      const onChange = () => {
        const allowed = uploadAllowed();
        if (allowed === last) return;
        last = allowed;
        listener(allowed);
      };
      connection?.addEventListener?.("change", onChange);
      return () => connection?.removeEventListener?.("change", onChange);
    },
  };
}

function connectionOf(navigator: object | undefined): ConnectionLike | undefined {
  const connection: unknown = navigator && "connection" in navigator ? navigator.connection : undefined;
  return isConnection(connection) ? connection : undefined;
}

/** All members are optional, so any object will do. */
function isConnection(value: unknown): value is ConnectionLike {
  return typeof value === "object" && value !== null;
}
