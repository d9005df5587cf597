import { type Detector, NOTHING, type Span } from "./detector.ts";

const LOCAL = /[\p{L}\p{M}\p{N}._%+'&-]/u;
const ASCII_LOCAL = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) ASCII_LOCAL[unit] = LOCAL.test(String.fromCharCode(unit)) ? 1 : 0;

const DOMAIN = /(?:[\p{L}\p{M}\p{N}_-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[\p{L}\p{M}]{2,24})/iuy;
/** `icon@2x.png`: what stands after the last dot is no top-level domain. */
const FILE = /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|js|mjs|ts|tsx|json|md|html|pdf|zip|py)$/i;
/** Signs that may stand in an address but do not begin one. */
const LEADING = /[\p{L}\p{M}\p{N}_]/u;

const isLocal = (text: string, index: number): boolean => {
  const unit = text.charCodeAt(index);
  if (unit < 128) return ASCII_LOCAL[unit] === 1;
  return (unit & 0xf800) === 0xd800 || LOCAL.test(text[index]!);
};

/** E-mail addresses, also with international names. Reads outward from each `@`, so it is linear. */
export const email: Detector = (text, { at }) => {
  if (!at) return NOTHING;
  const spans: Span[] = [];
  for (let sign = text.indexOf("@"); sign >= 0; sign = text.indexOf("@", sign + 1)) {
    let start = sign;
    while (start > 0 && isLocal(text, start - 1)) start--;
    while (start < sign && text.charCodeAt(start) < 128 && !LEADING.test(text[start]!)) start++;
    if (start === sign) continue;
    DOMAIN.lastIndex = sign + 1;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain === undefined || FILE.test(domain)) continue;
    const end = sign + 1 + domain.length;
    // git@github.com:acme/app.git is an address of a repository.
    if (text.slice(start, sign) === "git" && /[:/]/.test(text[end] ?? "")) continue;
    spans.push({ start, end });
  }
  return spans;
};
