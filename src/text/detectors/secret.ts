import { type Detector, NOTHING, type Span, scan } from "./detector.ts";

/** Credentials that are known by how they begin. */
const SHAPES = [
  // Salesforce session id, refresh token, connected app's consumer key
  "00D[A-Za-z0-9]{9,15}![A-Za-z0-9._]{16,}",
  "5Aep[A-Za-z0-9._]{40,}",
  "3MVG9[A-Za-z0-9._]{40,}",
  // JSON Web Tokens, signed or encrypted
  "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*){1,3}",
  // AWS access key ids
  "A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
  "gh[pousr]_[A-Za-z0-9]{36,}",
  "github_pat_[A-Za-z0-9_]{22,}",
  "gl(?:pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20,}",
  "xox[abceoprs]-[A-Za-z0-9-]{10,}",
  "xapp-[A-Za-z0-9-]{20,}",
  "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
  "whsec_[A-Za-z0-9+/=]{16,}",
  // a digit tells a key from a slug like sk-learn-pipeline-in-production
  "sk-(?=[A-Za-z_-]{0,200}\\d)[A-Za-z0-9_-]{20,}",
  "AIza[A-Za-z0-9_-]{35}",
  "GOCSPX-[A-Za-z0-9_-]{20,}",
  "ya29\\.[A-Za-z0-9_-]{20,}",
  "SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
  "npm_[A-Za-z0-9]{36,}",
  "pypi-[A-Za-z0-9_-]{40,}",
  "hf_[A-Za-z0-9]{30,}",
  "dop_v1_[a-f0-9]{40,}",
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,}",
  "pat-(?:na|eu)\\d-[a-f0-9-]{32,}",
  "AGE-SECRET-KEY-1[A-Z0-9]{50,}",
];
const SHAPED = new RegExp(`(?<![A-Za-z0-9_-])(?:${SHAPES.join("|")})`, "g");

/** A private key, whole or cut off; the body ends where five dashes do. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\\:,. \t\r\n]|-(?!----))*(?:-----END [A-Z0-9 ]{0,48}-----)?/g;

const URL_PASSWORD = /:\/\/[^\s:@/]{0,128}:([^\s@/]{1,256})@/g;
const AUTHORIZATION = /\b(?:Bearer|token|Basic)[ :]{1,3}([A-Za-z0-9._~+/-]{16,}={0,2})/gi;
const ASSIGNED =
  /(pass(?:word|wd|phrase|wort|code)?|pwd|secret|(?:secret|private|access|api|account|shared|signing)[ _-]?(?:access[ _-]?)?key|(?:access|refresh|auth|api|bearer|session|security)?[ _-]?token|session[ _-]?id|contraseña|mot de passe|credentials?)["']?[ \t]{0,3}([:=])[ \t]{0,3}["']?([^\s"',;&<>(){}[\]]{6,})/giu;
/** A word or a path to the secret is not the secret. */
const MIXED = /^(?=.*\d)(?=.*[\p{L}\p{P}\p{S}])/u;
const REFERENCE = /^(?:env|file|keychain|cmd|https?):/i;

/**
 * Credentials. Always looked for first: what is a secret is nothing else.
 * The value is marked, not the name beside it.
 */
export const secret: Detector = (text, survey) => {
  const spans: Span[] = [];
  const value = (match: RegExpExecArray, captured: string, tail = 0) => {
    const end = match.index + match[0].length - tail;
    spans.push({ start: end - captured.length, end });
  };
  if (survey.longestToken >= 16) {
    scan(SHAPED, text, (match) => value(match, match[0]));
    scan(AUTHORIZATION, text, (match) => /\d/.test(match[1]!) && value(match, match[1]!));
    if (text.includes("-----BEGIN")) scan(PRIVATE_KEY, text, (match) => value(match, match[0]));
  }
  if (survey.at && survey.colon) scan(URL_PASSWORD, text, (match) => value(match, match[1]!, 1));
  if (survey.letters && (survey.colon || survey.equals))
    scan(ASSIGNED, text, (match) => {
      const [, name, sign, assigned] = match;
      const least = /token|id$/i.test(name!) ? 16 : 6;
      if (assigned!.length < least || REFERENCE.test(assigned!)) return;
      if (sign === "=" || MIXED.test(assigned!)) value(match, assigned!);
    });
  return spans.length === 0 ? NOTHING : spans;
};
