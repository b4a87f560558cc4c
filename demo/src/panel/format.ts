const UNITS = ["B", "kB", "MB", "GB"] as const;

/** Decimal units with about three digits, as file managers write them: "1.24 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A whole percentage that says 0 and 100 only when it is so. */
export function formatPercent(ratio: number): string {
  if (ratio <= 0) return "0";
  if (ratio >= 1) return "100";
  return String(Math.min(99, Math.max(1, Math.round(ratio * 100))));
}

/** Enough of a peer's id to tell it from its neighbours. */
export function shortPeer(peer: string): string {
  return peer.slice(0, 4);
}

/** The last part of a path and so many folders before it, decoded for people. */
export function fileName(path: string, folders = 0): string {
  const name = path
    .split("/")
    .slice(-1 - folders)
    .join("/");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
