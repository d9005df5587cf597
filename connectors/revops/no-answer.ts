/** What to say where a dataset did not come at all. */
import { type DatasetAnswer, type DatasetName, HubError } from "#connector";

/** What kept every system from answering; their own code where they agree. `what`: "The deals cannot be listed". */
export const noAnswer = (what: string, missing: DatasetAnswer<DatasetName>["missing"]): HubError => {
  const codes = new Set(missing.map(({ code }) => code));
  const [only = "vendor_unavailable"] = codes;
  const reasons = [...new Set(missing.map(({ reason }) => reason))].join(" ");
  return new HubError(codes.size === 1 ? only : "vendor_unavailable", `${what}: ${reasons}`, {
    hint: "hub_status tells which system is missing.",
  });
};
