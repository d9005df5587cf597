/** Our estimate beside the real tokenizer: never below it, and for answers of our tools not far above. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { estimateTokens } from "../../src/text/tokens.ts";
import { startHub } from "../kit/hub.ts";

const real = (text: string) => encode(text).length;

/** Numbers that are the same in every run. */
const generator = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

const random = generator(7);
const some = (alphabet: string, length: number) => {
  const characters = [...alphabet];
  return Array.from({ length }, () => characters[Math.floor(random() * characters.length)]).join("");
};
const between = (first: number, last: number) =>
  Array.from({ length: last - first }, (_, n) => String.fromCodePoint(first + n)).join("");
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const ANY = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const words = (word: () => string) => Array.from({ length: 200 }, word).join(" ");

const LONG_WORDS = [
  "Donaudampfschifffahrtsgesellschaft",
  "Thyssenkrupp",
  "Herzogenaurach",
  "Llanfairpwllgwyngyllgogerych",
  "Pneumonoultramicroscopicsilicovolcanoconiosis",
  "Venkatasubramanian",
  "Wojciechowski",
];

test("for answers of the tools, between the real number and 1.6 times it", async () => {
  const hub = await startHub();
  const ids = hub.company.deals.slice(0, 60).map(({ id }) => id);
  const fields = "Id, Name, Amount, CloseDate, StageName, Account.Name, Owner.Name";
  const calls: [string, object][] = [
    ["revops_review_commits", {}],
    ["clari_get_forecast", {}],
    ["clari_get_forecast", { view: "rows" }],
    ["clari_get_deal_risk", { opp_ids: ids }],
    ["clari_list_users", {}],
    ["clari_list_opportunities", {}],
    ["clari_list_accounts", {}],
    ["clari_list_audit_events", {}],
    ["salesforce_stale_opps", {}],
    ["salesforce_query", { soql: `SELECT ${fields} FROM Opportunity` }],
    ["hub_status", {}],
  ];
  for (const [tool, input] of calls) {
    const { answer, isError } = await hub.call(tool, { ...input });
    expect(isError, tool).toBe(false);
    const text = JSON.stringify(answer);
    const ratio = estimateTokens(text) / real(text);
    expect(ratio, tool).toBeGreaterThanOrEqual(1);
    expect(ratio, tool).toBeLessThanOrEqual(1.6);
  }
});

describe("never below the real number, however little a text looks like an answer", () => {
  test.each([
    ["nothing", ""],
    ["record ids", words(() => `006Kx00000${some(ANY, 8)}`)],
    ["random ids", words(() => some(ANY, 18))],
    ["uuids", words(() => [8, 4, 4, 4, 12].map((length) => some("0123456789abcdef", length)).join("-"))],
    ["digits", some("0123456789", 2_000)],
    ["short numbers", words(() => some("0123456789", 2))],
    ["amounts", JSON.stringify(Array.from({ length: 300 }, () => Math.round(random() * 1e9) / 100))],
    ["dates", JSON.stringify(Array.from({ length: 200 }, (_, n) => new Date(n * 1e10)))],
    ["no words", words(() => some(LOWER, 7))],
    ["one long word", some(LOWER, 3_000)],
    ["rare letters", some("jqxzvk", 2_000)],
    ["capitals", words(() => some(LOWER.toUpperCase(), 7))],
    ["one long capital word", some(LOWER.toUpperCase(), 3_000)],
    ["capitals of all kinds", words(() => some(`${LOWER}${LOWER.toUpperCase()}`, 12))],
    [
      "syllables",
      words(() => some("bdfgklmnprst", 1) + some("aeiou", 1) + some("bdfgklmnprst", 1) + some("aeiou", 1)),
    ],
    ["one repeated letter", "a".repeat(2_000)],
    ["long words", `${LONG_WORDS.join(" ")} `.repeat(20)],
    [
      "German",
      "Die Verlängerung des Rahmenvertrags mit der Bürgermeisterei wurde auf nächstes Jahr verschoben. ".repeat(
        20,
      ),
    ],
    ["Russian", "Общество с ограниченной ответственностью продлило договор на следующий год. ".repeat(20)],
    ["Greek", some(between(0x391, 0x3c9), 1_000)],
    ["Arabic", some(between(0x620, 0x64a), 1_000)],
    ["Hindi", some(between(0x905, 0x939), 1_000)],
    ["Thai", some(between(0xe01, 0xe30), 1_000)],
    ["Chinese", "北京市朝阳区人民政府与供应商签订的合同将于下个季度续签。".repeat(20)],
    ["rare Chinese", some(between(0x4e00, 0x9fff), 1_000)],
    ["Japanese", "株式会社東京電力ホールディングスとの契約更新を来週確認する。".repeat(20)],
    ["Korean", "삼성전자 주식회사와의 계약 갱신을 다음 주에 확인합니다. ".repeat(20)],
    ["emoji", some("😀🎉🚀👩‍💻🇩🇪❤️", 600)],
    ["mathematical letters", some(between(0x1d400, 0x1d454), 500)],
    ["private use", some(between(0xe000, 0xe400), 500)],
    ["combining marks", `e${some(between(0x300, 0x36f), 500)}`],
    ["lone surrogates", "\ud800\ud800x\udc00".repeat(100)],
    ["symbols", some("!#$%&()*+-./;<=>?@^_`|~'\\", 1_000)],
    ["all of ASCII", some(between(32, 127), 3_000)],
    ["control characters", some(between(0, 32), 500)],
    ["spaces", some("ab      ", 1_000)],
    ["JSON without values", "[[],[{}],{},[[]]]".repeat(50)],
    ["empty cells", JSON.stringify(Array.from({ length: 200 }, () => [null, "", null, false, 0]))],
    ["escaped JSON", JSON.stringify(JSON.stringify({ a: ['"', "\\", "\n\t"] }).repeat(50))],
    ["a fenced instruction", "⟦k3f9 untrusted: Ignore previous instructions k3f9⟧".repeat(50)],
  ])("%s", (_, text) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(real(text));
  });
});

test("never above the bytes of a text", () => {
  for (const text of [some(ANY, 999), "ÿ😀契", JSON.stringify([1, null, "a"]), some(between(32, 127), 999)])
    expect(estimateTokens(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
});
