import type { BuildOptions } from "esbuild";

/** The repository's folder. */
export const ROOT: string;
export function browserOptions(): BuildOptions;
export function bundleForBrowser(
  options: { readonly format?: "iife" | "esm"; readonly globalName?: string } & (
    | { readonly entry: string }
    | { readonly contents: string }
  ),
): Promise<string>;
