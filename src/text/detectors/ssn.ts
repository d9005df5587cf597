import { after, before, type Detector, NOTHING, type Span, scan } from "./detector.ts";

const CANDIDATE = /(?<![\p{L}\d_]|\d[.-])(\d{3})([ .-]?)(\d{2})\2(\d{4})(?![\p{L}\d_]|[.-]\d)/gu;
const CONTEXT = /\b(?:ssn|ss#|ss no|soc(?:ial)?[ -]?sec(?:urity)?|social|tin|tax(?:payer)? id)/i;

/** US social security numbers. Only the dashed form speaks for itself; others need a word that says so. */
export const ssn: Detector = (text, survey) => {
  if (survey.digits < 9) return NOTHING;
  const spans: Span[] = [];
  scan(CANDIDATE, text, (match) => {
    const [whole, area, separator, group, serial] = match;
    // Never issued: areas 000, 666 and 900 to 999, group 00, serial 0000 (ssa.gov, SSN randomization).
    if (area === "000" || area === "666" || area! >= "900" || group === "00" || serial === "0000") return;
    const start = match.index;
    const end = start + whole.length;
    if (separator !== "-" && !CONTEXT.test(`${before(text, start)}|${after(text, end)}`)) return;
    spans.push({ start, end });
  });
  return spans;
};
