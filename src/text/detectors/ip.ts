import { isIPv6 } from "node:net";
import { before, type Detector, NOTHING, type Span, scan } from "./detector.ts";

const V4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
const V6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{0,4}|(?:\d{1,3}\.){3}\d{1,3})(?![\w:]|\.\d)/gi;
/** Four numbers with dots after these words are a version or a section. */
const NOT_AN_ADDRESS =
  /(?:version|ver|v|release|build|firmware|section|clause|rev|§|patch|update)[ .:#-]{0,3}$/i;

const isHost = (address: string): boolean => {
  const octets = address.split(".").map(Number);
  // Loopback, "this network" and netmasks point at nobody.
  return octets.every((octet) => octet <= 255) && ![0, 127, 255].includes(octets[0]!);
};

/** IP addresses that can belong to somebody. */
export const ip: Detector = (text, survey) => {
  const mayBeV4 = survey.dot && survey.digits >= 4;
  if (!mayBeV4 && !survey.colon) return NOTHING;
  const spans: Span[] = [];
  if (survey.colon)
    scan(V6, text, ({ 0: address, index }) => {
      // A real one begins with three or four digits (2000::/3, fc00::/7, fe80::/10) or maps a version 4.
      if (!/^(?:[0-9a-f]{3,4}:|::ffff:|64:ff9b:)/i.test(address) || !/\d/.test(address)) return;
      if (isIPv6(address)) spans.push({ start: index, end: index + address.length });
    });
  if (mayBeV4)
    scan(V4, text, ({ 0: address, index }) => {
      if (isHost(address) && !NOT_AN_ADDRESS.test(before(text, index, 16)))
        spans.push({ start: index, end: index + address.length });
    });
  return spans;
};
