/** Answers as they travel, in the shapes of the three tools, small enough to count in. */

/** Rows as columns; an empty value is null, a column without values is left out. */
export const travelling = (rows: readonly Record<string, unknown>[], more: object = {}) => {
  const columns = [...new Set(rows.flatMap(Object.keys))].filter((column) =>
    rows.some((row) => row[column] !== null && row[column] !== undefined && row[column] !== ""),
  );
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    returned: rows.length,
    total: rows.length,
    truncated: false,
    ...more,
  };
};

const OWNERS = ["Hugo Okada", "Sarah Miller", "Sofia Abara", "Hana Vogel", "Siobhán O'Connor"];
const ACCOUNTS = [
  "Cresthaven Labs",
  "Orchardgate Freight",
  "Sablewater Freight",
  "Larkpoint Industries",
  "Beaconwater Biotech",
  "Kestrelline Bank",
];
const PRODUCTS = [
  "Security Pack Expansion",
  "Data Hub New Business",
  "Platform Renewal",
  "Analytics Renewal",
];
const REASONS = [
  ["silent", "No activity for 22 days, the last on 2026-10-30"],
  ["low_score, slipped", "Score 43, below 50; close date moved out twice, last by 6 days on 2026-11-16"],
  ["amount_cut", "Amount cut by 38 % on 2026-11-12, from 240,000 to 150,000"],
  ["low_score, silent, no_next_event", "Score 24, below 50; no activity for 19 days; nothing planned"],
  ["past_due", "Close date 2026-11-12 is past"],
] as const;

const id = (n: number) => `006Kx000000000${String(n).padStart(2, "0")}AA`;

/** A spread that looks like a quarter, the same each time. */
const spread = (n: number, of: number) => (((n * 37 + 11) % 101) / 101) * of;

export const commitRow = (n: number) => {
  const reasons = n < 14 ? REASONS[n % REASONS.length]! : undefined;
  const account = ACCOUNTS[n % ACCOUNTS.length]!;
  return {
    id: id(n),
    name: `${account} - ${PRODUCTS[n % PRODUCTS.length]} 2026`,
    account,
    owner: OWNERS[n % OWNERS.length]!,
    amount: n === 9 ? null : Math.round(8_000 + spread(n, 1) ** 2.2 * 230_000),
    closeDate: `2026-12-${String(1 + (n % 30)).padStart(2, "0")}`,
    stage: "Commit",
    daysInStage: 4 + (n % 30),
    daysSinceActivity: 2 + (n % 25),
    nextEvent: n % 3 === 0 ? null : `2026-11-${24 + (n % 5)}`,
    score: n % 13 === 4 ? null : Math.round(reasons ? 20 + spread(n, 38) : 55 + spread(n, 42)),
    message: reasons ? "Champion quiet; tone of mails turned" : "On track",
    reasons: reasons?.[0] ?? "",
    evidence: reasons?.[1] ?? "",
    disagreements: n === 1 ? "Close date: CRM 2026-12-02, forecast 2026-11-25" : null,
  };
};

export const COMMITS = Array.from({ length: 46 }, (_, n) => commitRow(n));

const SOURCES = [
  { system: "clari", asOf: "2026-11-21T08:58:00.000Z", requests: 1, cached: false },
  { system: "salesforce", asOf: "2026-11-21T09:00:00.000Z", requests: 2, cached: false },
];

export const reviewCommits = (rows: readonly Record<string, unknown>[] = COMMITS, table: object = {}) => ({
  quarter: "2026_Q4",
  asOf: "2026-11-21T08:58:00.000Z",
  totals: [
    {
      currency: "USD",
      deals: 46,
      amount: 3_412_500,
      atRiskDeals: 14,
      amountAtRisk: 1_126_000,
      unknownToForecast: 1,
    },
  ],
  owners: travelling(
    OWNERS.map((owner, n) => ({
      ownerId: `005Kx00000000000${n}A`,
      owner,
      manager: "Ines Laurent",
      deals: 9,
    })),
    { shared: { currency: "USD" } },
  ),
  managers: travelling([{ manager: "Ines Laurent", currency: "USD", deals: 46, amount: 3_412_500 }]),
  // One currency for all: it travels once.
  deals: travelling(rows, { shared: { currency: "USD" }, ...table }),
  link: "https://example.my.salesforce.com/lightning/r/Opportunity/{id}/view",
  sources: SOURCES,
});

const WEEKS = ["10-05", "10-12", "10-19", "10-26", "11-02", "11-09", "11-16"];

export const prepareForecastCall = () => ({
  quarter: "2026_Q4",
  week: "2026-11-16",
  who: { name: "Ines Laurent", id: "005Kx000000000009A", role: "Director EMEA" },
  call: {
    currency: "USD",
    call: 5_250_000,
    lastWeek: 5_500_000,
    change: -250_000,
    quota: 6_000_000,
    closed: 3_110_000,
    bestCase: 6_400_000,
    adjusted: 5_100_000,
    gap: 2_890_000,
    openPipeline: 7_514_000,
    coverage: 2.6,
  },
  weeks: travelling(
    WEEKS.map((day, n) => ({
      week: `2026-${day}`,
      call: [5_900_000, 5_800_000, 5_800_000, 5_650_000, 5_500_000, 5_500_000, 5_250_000][n],
      bestCase: [7_200_000, 7_100_000, 6_900_000, 6_900_000, 6_600_000, 6_500_000, 6_400_000][n],
      closed: [210_000, 640_000, 990_000, 1_480_000, 2_050_000, 2_640_000, 3_110_000][n],
    })),
    { shared: { quota: 6_000_000 } },
  ),
  moved: {
    since: "2026-11-09",
    until: "2026-11-16",
    opening: 7_980_000,
    closing: 7_514_000,
    net: -466_000,
    steps: [
      { step: "new", deals: 4, amount: 310_000 },
      { step: "pulled_in", deals: 2, amount: 144_000 },
      { step: "up", deals: 3, amount: 62_000 },
      { step: "down", deals: 2, amount: -118_000 },
      { step: "pushed_out", deals: 3, amount: -262_000 },
      { step: "lost", deals: 1, amount: -132_000 },
      { step: "won", deals: 5, amount: -470_000 },
    ],
  },
  ask: travelling(
    COMMITS.slice(0, 5).map(({ id, name, owner, amount, closeDate, evidence }, n) => ({
      id,
      name,
      owner,
      amount,
      closeDate,
      question: [
        "Who signs, and when did you last speak to them?",
        "What has to be true for the third close date to hold?",
        "Why is the smaller amount safe?",
        "Does anybody there still answer?",
        "The close date is past: is it won, lost or later?",
      ][n],
      evidence,
    })),
  ),
  link: "https://example.my.salesforce.com/lightning/r/Opportunity/{id}/view",
  sources: SOURCES,
});

const STEPS = {
  opening: 7_980_000,
  new: 310_000,
  reopened: 40_000,
  pulled_in: 144_000,
  up: 62_000,
  down: -118_000,
  pushed_out: -262_000,
  lost: -172_000,
  won: -470_000,
};

export const CHANGED = [
  "new",
  "new",
  "new",
  "reopened",
  "pulled_in",
  "pulled_in",
  "up",
  "down",
  "pushed_out",
  "pushed_out",
  "lost",
  "won",
  "won",
  "won",
].map((step, n) => ({
  step,
  id: id(n),
  name: commitRow(n).name,
  owner: commitRow(n).owner,
  amount: ["down", "pushed_out", "lost", "won"].includes(step) ? -24_000 - n * 5_000 : 18_000 + n * 9_000,
  from: step === "pushed_out" ? "2026-12-18" : step === "up" ? 90_000 : null,
  to: step === "pushed_out" ? "2027-01-22" : step === "up" ? 152_000 : step === "won" ? "Closed Won" : null,
  at: `2026-11-${String(10 + (n % 9)).padStart(2, "0")}`,
}));

export const reviewChanges = () => ({
  quarter: "2026_Q4",
  since: "2026-11-09",
  until: "2026-11-20",
  waterfall: travelling(
    [
      ...Object.entries(STEPS),
      ["closing", Object.values(STEPS).reduce((sum, amount) => sum + amount, 0)] as const,
    ].map(([step, amount]) => ({
      step,
      amount,
      deals: CHANGED.filter((one) => one.step === step).length || 96,
    })),
    { shared: { currency: "USD" } },
  ),
  deals: travelling(CHANGED, { shared: { currency: "USD" } }),
  link: "https://example.my.salesforce.com/lightning/r/Opportunity/{id}/view",
  sources: SOURCES,
});
