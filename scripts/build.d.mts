export interface BuildResult {
  readonly built: readonly { readonly file: string; readonly parts: readonly string[] }[];
  readonly errors: readonly Error[];
}

export function buildSdkPackage(outDir: string): Promise<BuildResult>;
export function buildSignalingPackage(outDir: string, sdkDir: string): Promise<BuildResult>;
