/** The script of the script tag, its source map, what each shortened name became, and all names that there were. */
export function bundleScript(): Promise<{
  readonly code: string;
  readonly map: string;
  readonly mangled: Readonly<Record<string, string | false>>;
  readonly names: readonly string[];
}>;
