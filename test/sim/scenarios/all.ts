import type { Scenario } from "../tool/scenario.ts";
import { kraken } from "./kraken.ts";

/** Every scenario, in the order of the list. */
export const SCENARIOS: readonly Scenario[] = [kraken];
