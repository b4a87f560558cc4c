/*
 * What the pure parts use of the platform: four conversions without effects that browsers and Node have alike. For
 * tsconfig.pure.json alone, which knows no platform.
 */
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
