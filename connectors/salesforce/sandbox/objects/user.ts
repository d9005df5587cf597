/** Users, their roles and profiles: set up by administrators, read-only for everybody here. */
import type { Person, Role } from "#sandbox/company/types.ts";
import { makeId } from "../ids.ts";
import { fieldsOf } from "../schema/field.ts";
import { sobject, systemFields } from "../schema/sobject.ts";
import type { World } from "../world.ts";

/** Users and roles were there two years before the company's data begins. */
const setUpAt = (_row: unknown, world: World) => world.company.madeAt - 730 * 86_400_000;
const setUpBy = (_row: unknown, world: World) => world.company.stories.integrationUser;
const SET_UP = { createdAt: setUpAt, createdBy: setUpBy, modifiedAt: setUpAt, modifiedBy: setUpBy };

const userId = ({ id }: Person) => id;
const user = fieldsOf<Person>(userId);

const PROFILES = ["Standard User", "Minimum Access - API Only Integrations"].map((name, index) => ({
  id: makeId("00e", index + 1),
  name,
}));
export const profileIdOf = (person: Person, world: World): string =>
  PROFILES[person.id === world.company.stories.integrationUser ? 1 : 0]!.id;

export const userObject = sobject<Person>({
  name: "User",
  label: "User",
  labelPlural: "Users",
  keyPrefix: "005",
  updateable: false,
  fields: [
    user.id(({ id }) => id),
    user.text("Username", "Username", 80, ({ email }) => email, { defaulted: true }),
    user.text("LastName", "Last Name", 80, (person) => person.lastName, { defaulted: true }),
    user.text("FirstName", "First Name", 40, (person) => person.firstName),
    user.text("Name", "Full Name", 121, (person) => person.name, { defaulted: true, nameField: true }),
    user.text("Title", "Title", 80, (person) => person.title),
    user.email("Email", "Email", (person) => person.email, { defaulted: true }),
    user.text(
      "Alias",
      "Alias",
      8,
      (person) => `${person.firstName.slice(0, 1)}${person.lastName}`.slice(0, 8).toLowerCase(),
      {
        defaulted: true,
      },
    ),
    user.flag("IsActive", "Active", (person) => person.isActive, { defaulted: true }),
    user.text("TimeZoneSidKey", "Time Zone", 40, () => "GMT", { defaulted: true }),
    user.text("LocaleSidKey", "Locale", 40, () => "en_US", { defaulted: true }),
    user.text("LanguageLocaleKey", "Language", 40, () => "en_US", { defaulted: true }),
    user.picklist("UserType", "User Type", ["Standard"], () => "Standard"),
    user.reference("UserRoleId", "Role ID", "UserRole", (person) => person.role?.id ?? null, {
      children: { UserRole: "Users" },
    }),
    user.reference("ProfileId", "Profile ID", "Profile", profileIdOf, { children: { Profile: "Users" } }),
    user.reference("ManagerId", "Manager ID", "User", (person) => person.managerId, {
      as: "Manager",
      children: { User: "ManagedUsers" },
    }),
    // Users cannot be deleted, only deactivated: they have no IsDeleted.
    ...systemFields(userId, SET_UP).filter(({ name }) => name !== "IsDeleted"),
  ],
  rows: (world) => world.company.people,
});

const roleId = ({ id }: Role) => id;
const role = fieldsOf<Role>(roleId);

export const userRoleObject = sobject<Role>({
  name: "UserRole",
  label: "Role",
  labelPlural: "Roles",
  keyPrefix: "00E",
  fields: [
    role.id(({ id }) => id),
    role.text("Name", "Name", 80, ({ name }) => name, { nameField: true, defaulted: true }),
    role.text("DeveloperName", "Developer Name", 80, ({ name }) => name.replace(/\W+/g, "_"), {
      defaulted: true,
    }),
    role.reference("ParentRoleId", "Parent Role ID", "UserRole", ({ parentId }) => parentId, {
      as: "ParentRole",
    }),
    role.text("RollupDescription", "Description", 80, ({ name }) => name),
    ...systemFields(roleId, SET_UP).filter(({ name }) => /^(LastModified|SystemModstamp)/.test(name)),
  ],
  rows: (world) =>
    world.derive("UserRole", () => {
      const roles = world.company.people.flatMap((person) => [person.role, person.secondRole]);
      return [...new Map(roles.filter((one) => one !== null).map((one) => [one.id, one])).values()];
    }),
});

const profile = fieldsOf<(typeof PROFILES)[number]>(({ id }) => id);

export const profileObject = sobject<(typeof PROFILES)[number]>({
  name: "Profile",
  label: "Profile",
  labelPlural: "Profiles",
  keyPrefix: "00e",
  fields: [
    profile.id(({ id }) => id),
    profile.text("Name", "Name", 255, ({ name }) => name, { nameField: true, defaulted: true }),
    profile.picklist("UserType", "User Type", ["Standard"], () => "Standard"),
  ],
  rows: () => PROFILES,
});
