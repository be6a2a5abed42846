import { randomInt } from 'node:crypto'
import { administratorName } from '../../organisation/directory/permissions/person.ts'
import { record } from '../../platform/audit/audit.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import { said } from '../../platform/command/language.ts'
import type { Config } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import type { ConfigCheck } from '../../platform/upkeep/check-config.ts'
import { installationProtection } from '../protection/protection-store.ts'
import { passwordHistoryAtMost, standardOfInstallation } from '../protection/settings.ts'
import { endSessionsOfAccount } from '../sessions/end-sessions.ts'
import * as store from './account-store.ts'
import { checkNewPassword, checkPassword, kindsIn, type StrengthRules, strengthOf } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { firstPasswordPurpose } from './sealed.ts'

type FirstPassword = { user: string; password: string }

/**
 * Creates the administrator at the first start, with WISP_ADMIN_PASSWORD, or with a generated password, which must be changed at
 * the first sign-in. The generated one is kept, sealed, and returned at every start until somebody has signed in with it: a start that
 * fails later, such as by a busy port, loses nothing. Returns undefined once nothing is to be told. If several nodes start at once,
 * one of them creates the account.
 */
export async function ensureAdministrator(
  ctx: Pick<Core, 'db' | 'config' | 'now' | 'seal'>,
): Promise<FirstPassword | undefined> {
  const name = administratorName
  const known = await store.adminAccount(ctx.db, name)
  if (known) return firstPasswordOf(ctx, known)
  const given = ctx.config.adminPassword
  const rules = await installationProtection(ctx.db)
  if (given) await checkPassword(given, name, 'WISP_ADMIN_PASSWORD', rules)
  const password = given || newPassword(rules)
  const account = {
    name,
    password: await hashPassword(password),
    mustChange: !given,
    ...(given ? {} : { firstPassword: ctx.seal.seal(password, firstPasswordPurpose) }),
  }
  const isMade = await ctx.db.transaction().execute(async tx => {
    if (!(await store.insertAdminAccount(tx, account, new Date(ctx.now())))) return false
    const grants = await boundGrants(tx, store.accountGrants, null, [name])
    const detail = { mustChange: account.mustChange, grants }
    await record(tx, ctx, { corpId: null, actor: 'wisp', act: 'admin.add', target: name, detail })
    return true
  })
  if (!isMade) return ensureAdministrator(ctx)
  return given ? undefined : { user: name, password }
}

/** A node of an earlier version may have set another password and left this one. */
async function firstPasswordOf(
  ctx: Pick<Core, 'db' | 'seal'>,
  { name, password, firstPassword }: NonNullable<Awaited<ReturnType<typeof store.adminAccount>>>,
): Promise<FirstPassword | undefined> {
  if (firstPassword === '') return undefined
  const kept = ctx.seal.open(firstPassword, firstPasswordPurpose)
  if (await verifyPassword(kept, password)) return { user: name, password: kept }
  await store.forgetFirstPassword(ctx.db, name)
  return undefined
}

/** Whether the administrator can be created with the given password, by the rules that a new installation has. */
export async function checkGivenPassword({ adminPassword }: Config): Promise<ConfigCheck | undefined> {
  if (!adminPassword) return undefined
  const { problem } = await strengthOf(adminPassword, administratorName, standardOfInstallation)
  const detail = problem ? `WISP_ADMIN_PASSWORD ${said(problem)}` : said({ zh: '可以用', en: 'is good' })
  return { name: 'password', ok: problem === undefined, detail }
}

/**
 * Sets a new password for the administrator. When none is given it is generated here and must be changed at the next
 * sign-in. Ends every session of the account together with its tickets.
 */
export async function resetAdministratorPassword(
  ctx: Pick<Core, 'db' | 'now'>,
  actor: string,
  given?: string,
): Promise<{ user: string; password: string | undefined }> {
  const name = administratorName
  const rules = await installationProtection(ctx.db)
  if (given !== undefined) await checkNewPassword(ctx, name, given, { zh: '密码', en: 'the password' }, rules)
  const password = given ?? newPassword(rules)
  const account = { name, password: await hashPassword(password), mustChange: given === undefined }
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.keepOldPassword(tx, name, passwordHistoryAtMost, at)
    await store.putAdminAccount(tx, account, at)
    await endSessionsOfAccount(tx, name, undefined, at)
    const grants = await boundGrants(tx, store.accountGrants, null, [name])
    const detail = { mustChange: account.mustChange, grants }
    await record(tx, ctx, { corpId: null, actor, act: 'admin.reset-password', target: name, detail })
  })
  return { user: name, password: given === undefined ? password : undefined }
}

/** Leaves out characters that are easily confused; 20 of these 57 give 116 bits. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

const signs = '-+=@%'

/** Signs only where the rules want four kinds: they are in the way of whoever types the password. */
function newPassword({ passwordLength, passwordKinds }: StrengthRules): string {
  const of = passwordKinds > 3 ? letters + signs : letters
  for (;;) {
    const length = Math.max(20, passwordLength)
    const made = Array.from({ length }, () => of[randomInt(of.length)]).join('')
    if (kindsIn(made) >= passwordKinds) return made
  }
}
