import type { Datasets } from "../connector/contract.ts";
import { canonical } from "../trail/canonical.ts";
import type { Call } from "./call.ts";

/** A dataset that is asked for twice in one call, also by another dataset, is read once; so are its failures. */
export const readOnce = ({ readings }: Call, datasets: Datasets): Datasets => ({
  read(dataset, query) {
    const question = `${dataset} ${canonical(query)}`;
    const known = readings.get(question) as ReturnType<typeof datasets.read<typeof dataset>> | undefined;
    if (known) return known;
    const reading = datasets.read(dataset, query);
    readings.set(question, reading);
    return reading;
  },
});
