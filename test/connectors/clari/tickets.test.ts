import { join } from "node:path";
import { expect, test } from "vitest";
import { createTickets } from "../../../connectors/clari/exports/tickets.ts";
import { createKeyedStores } from "../../../src/store/keyed.ts";
import { createClock } from "../../kit/clock.ts";
import { temporaryFolder } from "../../kit/hub.ts";

const KEYS = { who: "who", question: "question", forecast: "forecast" };

/** Two processes over one state folder. */
const two = () => {
  const clock = createClock();
  const path = join(temporaryFolder(), "keyed.sqlite");
  const tickets = () => createTickets(createKeyedStores(path, clock).space("clari"), clock);
  return { clock, one: tickets(), other: tickets() };
};

test("while one process submits, another does not", async () => {
  const { one, other } = two();
  await one.alone(KEYS, async () => {
    expect(await other.alone(KEYS, async () => "sent")).toBeUndefined();
  });
  expect(await other.alone(KEYS, async () => "sent")).toBe("sent");
});

test("whoever has taken too long sends nothing, and does not end the turn of whoever came after", async () => {
  const { clock, one, other } = two();
  await one.alone(KEYS, async (isStill) => {
    clock.advance(91_000);
    await other.alone(KEYS, async (isOthersStill) => {
      expect(await isStill()).toBe(false);
      await one.alone(KEYS, async () => expect.unreachable());
      expect(await isOthersStill()).toBe(true);
    });
  });
});

test("the end of an overlong turn leaves the other's as it is", async () => {
  const { clock, one, other } = two();
  let end = () => {};
  const overlong = one.alone(KEYS, async () => {
    clock.advance(91_000);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  await new Promise(setImmediate);
  await other.alone(KEYS, async (isStill) => {
    end();
    await overlong;
    expect(await isStill()).toBe(true);
    expect(await one.alone(KEYS, async () => "sent")).toBeUndefined();
  });
});

test("each submission of a turn has the time of a whole one", async () => {
  const { clock, one, other } = two();
  await one.alone(KEYS, async (isStill) => {
    clock.advance(60_000);
    expect(await isStill()).toBe(true);
    clock.advance(60_000);
    expect(await isStill()).toBe(true);
    expect(await other.alone(KEYS, async () => "sent")).toBeUndefined();
  });
});
