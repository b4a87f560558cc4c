import { Rivulet } from "@rivulet/sdk";
import { readSetup } from "./setup.ts";

const { signal, manifest } = readSetup();

export const rivulet = new Rivulet({ signal, manifest });
