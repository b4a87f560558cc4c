import type { ToldResult } from "./told-result.ts";

export function chart({ result }: ToldResult): string {
  return `<svg xmlns="http://www.w3.org/2000/svg"><text>${result.boundMs}</text></svg>`;
}
