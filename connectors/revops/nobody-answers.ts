import { type DatasetAnswer, HubError } from "#connector";

/** Why no CRM could list deals. `what`: which ones, as in `The Commit deals`. */
export const nobodyAnswers = (what: string, missing: DatasetAnswer<"deals">["missing"]): HubError => {
  const codes = new Set(missing.map(({ code }) => code));
  const [only = "vendor_unavailable"] = codes;
  const code = codes.size === 1 ? only : "vendor_unavailable";
  const reasons = missing.map(({ reason }) => reason).join(" ");
  return new HubError(code, `${what} cannot be listed: ${reasons}`, {
    hint: "hub_status tells which system is missing. Risk of deals whose ids you know can still be asked for.",
  });
};
