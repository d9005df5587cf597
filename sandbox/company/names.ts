/** Names to draw from, and how a name becomes part of an address. */

export const FIRST_NAMES = [
  ..."Amara Anders Anika Ayaka Beatriz Bjorn Camila Carlos Chidi Clara Daniel Deepa Diego Elena Emeka".split(
    " ",
  ),
  ..."Eva Farah Felix Fiona Gabriel Greta Hana Hugo Ines Ivan Jada Jonas Kenji Laila Leon Lucia Magnus".split(
    " ",
  ),
  ..."Marcus Mei Nadia Naomi Nils Noor Oliver Omar Paula Priya Rafael Rania Rosa Samuel Sanjay Sofia".split(
    " ",
  ),
  ..."Tariq Theo Tomasz Uma Victor Wanda Xavier Yara Yuki Zoe".split(" "),
];

export const LAST_NAMES = [
  ..."Abara Acosta Andersen Bauer Becker Bennett Bianchi Brandt Castillo Chen Cohen Costa Dawson".split(" "),
  ..."Dubois Eriksen Farouk Fischer Fontaine Garcia Haddad Hansen Hughes Ibrahim Ito Jansen Kapoor".split(
    " ",
  ),
  ..."Kaya Keller Kowalski Lange Larsen Lindgren Lopez Mbeki Mendes Mori Moreau Nakamura Navarro Novak".split(
    " ",
  ),
  ..."Nwosu Okada Olsen Park Patel Petrov Quinn Ramos Reyes Rossi Sato Schmidt Silva Singh Soto Tanaka".split(
    " ",
  ),
  ..."Torres Vargas Vogel Wagner Walsh Weber Yamada Zhang Zimmermann".split(" "),
];

const ACCOUNT_FIRST = [
  ..."Alder Amber Anchor Apex Arbor Atlas Beacon Birch Blue Bright Canyon Cedar Cobalt Copper Coral Crest".split(
    " ",
  ),
  ..."Delta Ember Falcon Fern Flint Garnet Granite Harbor Hazel Iron Juniper Kestrel Lark Linden Maple".split(
    " ",
  ),
  ..."Meridian North Oak Onyx Orchard Pine Quarry Raven Ridge River Sable Silver Slate Spruce Stone".split(
    " ",
  ),
  ..."Summit Tidal Timber Vale West Willow".split(" "),
];
const ACCOUNT_SECOND = [
  "bridge",
  "field",
  "gate",
  "haven",
  "line",
  "mark",
  "point",
  "port",
  "water",
  "works",
];
const ACCOUNT_LAST = [
  ..."Analytics Bank Biotech Capital Chemicals Energy Foods Freight Group Health Industries Insurance".split(
    " ",
  ),
  ..."Labs Logistics Media Mobility Partners Pharma Retail Robotics Software Solutions Systems Telecom".split(
    " ",
  ),
];

/** What real account lists hold besides plain English: ampersands, umlauts, accents, CJK. */
export const UNUSUAL_ACCOUNT_NAMES = [
  "Müller & Söhne Maschinenbau GmbH",
  "Smith & Wesley LLP",
  "Crédit Général d'Île-de-France",
  "Åkerström Ångteknik AB",
  "北京云帆科技有限公司",
  "한빛 소프트웨어",
  'Kessel "K2" Holdings',
  "100% Organic Co-op",
  "D'Angelo Brothers, Inc.",
  "Łódź_Textil S.A.",
];

/** Every plain account name there is, in order. */
export const plainAccountNames = (): string[] =>
  ACCOUNT_FIRST.flatMap((first, i) =>
    ACCOUNT_SECOND.map((second, j) => `${first}${second} ${ACCOUNT_LAST[(i * 7 + j) % ACCOUNT_LAST.length]}`),
  );

/** `Jörg Weiß` becomes `joerg-weiss`: lower case, ASCII, words joined by `joiner`. */
export const slug = (name: string, joiner: string): string =>
  name
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/[\u0300-\u036f'"]/g, "")
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(joiner);
