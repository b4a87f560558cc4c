import type { BuildOptions, Plugin } from "esbuild";

/** The repository's folder. */
export const ROOT: string;
export function slimSimplePeer(): Plugin;
export function toSlimModule(source: string): string;
export function browserOptions(): BuildOptions;
export function bundleForBrowser(
  options: { readonly format?: "iife" | "esm"; readonly globalName?: string; readonly minify?: boolean } & (
    | { readonly entry: string }
    | { readonly contents: string }
  ),
): Promise<string>;
