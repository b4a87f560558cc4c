/*
 * A step of an introduction as neighbours hand it on: JSON in UTF-8. Its names are read by other machines, whose script
 * may be another build: what writes or reads one by name is here, where the build shortens none.
 */

/** Says no to an offer. */
export const REFUSE = { type: "refuse" };

export function isOffer(signal: object): boolean {
  return "type" in signal && signal.type === "offer";
}

/** Who gets an offer may want to know how badly we need it: how many connections we have. */
export function withDegree(signal: object, degree: number): object {
  return isOffer(signal) ? { ...signal, degree } : signal;
}

/** How many connections the offerer says it has; undefined when it does not say, or when it is no offer. */
export function degreeIn(signal: object): number | undefined {
  return isOffer(signal) && "degree" in signal ? Number(signal.degree) : undefined;
}

export function toBytes(signal: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(signal));
}

/** What a stranger wrote; undefined when it is no JSON object. The relay that brought it could not know. */
export function fromBytes(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
