// Builds what the image holds: the two packages, without the demo, which has no place in it.
import { fileURLToPath } from "node:url";
import { buildSdkPackage, buildSignalingPackage } from "../../../scripts/build.mjs";

const packages = new URL("../../", import.meta.url);
const [sdk, signaling] = ["sdk/dist", "signaling/dist"].map((path) => fileURLToPath(new URL(path, packages)));

const results = [await buildSdkPackage(sdk), await buildSignalingPackage(signaling, sdk)];
const errors = results.flatMap((result) => result.errors);
for (const error of errors) console.error(error.message);
process.exitCode = errors.length === 0 ? 0 : 1;
