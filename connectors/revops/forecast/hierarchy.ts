/** Who reports to whom: as people forecast, and for whoever does not, as the CRM has it. */
import { type Deal, type ForecastLine, HubError, type Person, toId18 } from "#connector";
import { pickedPerson } from "../people.ts";

export interface Member {
  /** As in the CRM; null: known to the forecasting system alone. */
  readonly id: string | null;
  readonly name: string;
}

export interface Hierarchy {
  readonly members: readonly Member[];
  /** That person and everybody below, by id. */
  teamOf(id: string): ReadonlySet<string>;
  /** Whether anybody below forecasts or owns deals: an assistant makes nobody a manager. */
  isManager(id: string): boolean;
}

export const hierarchyOf = (
  lines: readonly ForecastLine[],
  people: readonly Person[],
  deals: readonly Deal[],
): Hierarchy => {
  const members = new Map<string, Member>();
  const managers = new Map<string, Set<string>>();
  const add = (id: string | null, name: string | null, managerId?: string | null) => {
    if (name !== null) {
      const key = id ?? name;
      if (!members.has(key)) members.set(key, { id, name });
    }
    if (id === null || managerId == null || managerId === id) return;
    managers.set(id, (managers.get(id) ?? new Set()).add(managerId));
  };
  for (const line of lines) {
    add(line.personId, line.personName, line.managerId);
    if (line.managerName !== null) add(line.managerId, line.managerName);
  }
  // Who forecasts stands where the forecast has them: that is whose call their deals are in.
  const forecasting = new Set(lines.map(({ personId }) => personId));
  for (const { id, name, managerId } of people) if (!forecasting.has(id)) add(id, name, managerId);
  for (const { ownerId, ownerName, managerId, managerName } of deals) {
    if (!forecasting.has(ownerId)) add(ownerId, ownerName, managerId);
    add(managerId, managerName);
  }
  const reports = new Map<string, string[]>();
  for (const [id, above] of managers)
    for (const manager of above) reports.set(manager, [...(reports.get(manager) ?? []), id]);
  const counted = new Set([...forecasting, ...deals.map(({ ownerId }) => ownerId)]);
  const teamOf = (id: string) => {
    const team = new Set([id]);
    // A set also visits what is added on the way; circles end by themselves.
    for (const one of team) for (const report of reports.get(one) ?? []) team.add(report);
    return team;
  };
  return {
    members: [...members.values()],
    teamOf,
    isManager: (id) => [...teamOf(id)].some((one) => one !== id && counted.has(one)),
  };
};

/** Who calls for the most people. Undefined when nobody forecasts. */
export const topOf = (lines: readonly ForecastLine[], { teamOf }: Hierarchy): Member | undefined => {
  const callers = new Map(
    lines
      .filter(({ figure }) => figure === "commit")
      .map(({ personId, personName }) => [personId ?? personName, { id: personId, name: personName }]),
  );
  const size = ({ id }: Member) => (id === null ? 0 : teamOf(id).size);
  return [...callers.values()].sort((a, b) => size(b) - size(a))[0];
};

/** As picked from a list, by id, or by name or a part of it that fits one person alone. Throws `not_found` and `invalid_input`. */
export const findMember = (asked: string, members: readonly Member[]): Member => {
  const picked = pickedPerson(asked.trim());
  const id = toId18(picked.id ?? picked.name);
  const wanted = picked.name.toLowerCase();
  const names = members.map((member) => ({ member, name: member.name.toLowerCase() }));
  const found =
    id !== undefined && members.some((member) => member.id === id)
      ? members.filter((member) => member.id === id)
      : names.some(({ name }) => name === wanted)
        ? names.filter(({ name }) => name === wanted).map(({ member }) => member)
        : names.filter(({ name }) => name.includes(wanted)).map(({ member }) => member);
  const [only] = found;
  if (!only)
    throw new HubError("not_found", "Nobody of this name or id forecasts or owns deals here.", {
      hint: "Give a part of the name as the CRM has it, or the CRM user id.",
    });
  if (found.length > 1)
    throw new HubError("invalid_input", `This name fits ${found.length} people.`, {
      hint: "Give more of the name, or one of the ids.",
      facts: { ids: found.slice(0, 10).map((member) => member.id) },
    });
  return only;
};
