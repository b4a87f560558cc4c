/**
 * Content bytes on their way. Decisions only ever ask how many there are, so the engine takes anything with a length:
 * a `Uint8Array` in a browser, a mere count in a simulation of thousands of peers.
 */
export interface Payload {
  readonly byteLength: number;
}
