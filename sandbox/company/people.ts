/** The sales organisation: who reports to whom, in which role. */
import { idSequence } from "./ids.ts";
import { FIRST_NAMES, LAST_NAMES, slug } from "./names.ts";
import type { Random } from "./random.ts";
import type { Level, Person, Role } from "./types.ts";

export const ORGANIZATION_NAME = "Lumenfield Software";
const EMAIL_DOMAIN = "lumenfield.example";
const FIRST_CLARI_ID = 3001;

/** Regions of each vice president, with the number of account executives. */
const REGIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Americas: { West: 5, Central: 5, East: 5 },
  EMEA: { "UK & Ireland": 5, DACH: 5, Nordics: 5 },
  APAC: { Japan: 4, ANZ: 4 },
  Strategic: { Enterprise: 5, "Public Sector": 5 },
};

/** Names that software trips over; one each among the account executives. */
const UNUSUAL_NAMES: readonly (readonly [string, string])[] = [
  ["Siobhán", "O'Connor"],
  ["Jörg", "Weiß"],
  ["Renée", "Lefèvre"],
];

/** One person in one role: what Clari forecasts by, and sums along the roles. */
export interface Seat {
  readonly person: Person;
  readonly role: Role;
}

export interface Team {
  /** By Clari id. */
  readonly people: readonly Person[];
  /** Level 4, active. */
  readonly reps: readonly Person[];
  readonly seats: readonly Seat[];
  readonly cro: Person;
  /** Clari user 3001: the admin whose token reads everything. */
  readonly revOpsLead: Person;
  readonly integrationUser: Person;
  /** Clari user 3002; 3003 is the first of this manager's reports. */
  readonly firstManager: Person;
  readonly optedOut: Person;
  readonly inactive: Person;
  readonly twoRoles: Person;
  /** A report of {@link Team.firstManager}. */
  readonly disagreeing: Person;
}

export const makeTeam = (random: Random): Team => {
  const nextUserId = idSequence("005");
  const nextRoleId = idSequence("00E");
  const names = unusedNames(random);
  const people: Person[] = [];
  let nextClariId = FIRST_CLARI_ID + 3;

  const hire = (part: Hire): Person => {
    const [firstName, lastName] = part.called ?? names();
    const person = {
      id: nextUserId(),
      clariId: part.clariId ?? nextClariId++,
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      email: `${slug(firstName, "")}.${slug(lastName, "")}@${EMAIL_DOMAIN}`,
      title: part.title,
      level: part.level,
      role: part.role ?? null,
      secondRole: part.secondRole ?? null,
      managerId: part.manager?.id ?? null,
      isActive: part.isActive ?? true,
      optedIn: part.optedIn ?? true,
    };
    people.push(person);
    return person;
  };
  const roleUnder = (name: string, parent: Role | null): Role => ({
    id: nextRoleId(),
    name,
    parentId: parent?.id ?? null,
    parentName: parent?.name ?? null,
  });

  const revOpsLead = hire({ level: 0, title: "RevOps Lead", called: ["Maya", "Okafor"], clariId: 3001 });
  const integrationUser = hire({ level: 0, title: "Integration User", called: ["Integration", "User"] });
  const croRole = roleUnder("CRO", null);
  const cro = hire({ level: 1, title: "Chief Revenue Officer", role: croRole });

  const managers: { person: Person; repRole: Role; reps: number }[] = [];
  for (const [area, regions] of Object.entries(REGIONS)) {
    const vpRole = roleUnder(`VP - ${area}`, croRole);
    const vp = hire({ level: 2, title: `VP Sales, ${area}`, role: vpRole, manager: cro });
    for (const [region, reps] of Object.entries(regions)) {
      const role = roleUnder(`RVP - ${region}`, vpRole);
      const clariId = managers.length === 0 ? 3002 : undefined;
      const person = hire({ level: 3, title: `Regional Manager, ${region}`, role, manager: vp, clariId });
      managers.push({ person, repRole: roleUnder(`AE - ${region}`, role), reps });
    }
  }

  const title = "Account Executive";
  const reps = managers.map(({ person: manager, repRole: role, reps: count }, team) =>
    Array.from({ length: count }, (_, n) => {
      const base = { level: 4, title, role, manager } as const;
      if (team === 0 && n === 0) return hire({ ...base, called: ["Sarah", "Miller"], clariId: 3003 });
      if (team === 1 && n === 1) return hire({ ...base, optedIn: false });
      if (team === 2 && n === 1) return hire({ ...base, isActive: false });
      if (team === 4 && n === 2) return hire({ ...base, secondRole: managers[5]!.repRole });
      return hire({ ...base, called: n === 3 ? UNUSUAL_NAMES[team - 3] : undefined });
    }),
  );

  people.sort((a, b) => a.clariId - b.clariId);
  return {
    people,
    reps: people.filter((person) => person.level === 4 && person.isActive),
    seats: people.flatMap(seatsOf),
    cro,
    revOpsLead,
    integrationUser,
    firstManager: managers[0]!.person,
    optedOut: reps[1]![1]!,
    inactive: reps[2]![1]!,
    twoRoles: reps[4]![2]!,
    disagreeing: reps[0]![2]!,
  };
};

interface Hire {
  readonly level: Level;
  readonly title: string;
  readonly role?: Role;
  readonly secondRole?: Role;
  readonly manager?: Person;
  readonly called?: readonly [string, string] | undefined;
  readonly clariId?: number | undefined;
  readonly isActive?: boolean;
  readonly optedIn?: boolean;
}

const seatsOf = (person: Person): Seat[] =>
  [person.role, person.secondRole].flatMap((role) => (role === null ? [] : [{ person, role }]));

/** Names nobody else in the company has. */
const unusedNames = (random: Random) => {
  const firsts = random.shuffled(FIRST_NAMES);
  const lasts = random.shuffled(LAST_NAMES);
  let n = 0;
  return (): readonly [string, string] => {
    const first = firsts[n % firsts.length]!;
    // A second round through the first names meets other last names.
    const last = lasts[(n + Math.floor(n / firsts.length) * 17) % lasts.length]!;
    n++;
    return [first, last];
  };
};
