import { isListed } from '../../organisation/directory/mirror/members.ts'
import {
  administratorName,
  memberPerson,
  roleLevel,
} from '../../organisation/directory/permissions/person.ts'
import { rolesOfCorp } from '../../organisation/people/store.ts'
import { holdsPoint } from '../../organisation/rights/reached.ts'
import { membersWithOwnRole } from '../../organisation/roles/role-store.ts'
import { threeGrants } from '../../organisation/three/granted-store.ts'
import { insertHolder, putScope } from '../../organisation/three/holding.ts'
import { roleWords } from '../../organisation/three/joint-acts.ts'
import { liveHolders, lockThree, scopes } from '../../organisation/three/three-store.ts'
import { record } from '../../platform/audit/audit.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import { type Point, points } from '../../platform/http/admin/points.ts'
import { type ThreeRole, threeRoles } from '../../platform/http/admin/three-role.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { signal } from '../../platform/storage/bus.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import { endTokensIn, liveTokens } from '../admin-tokens/make-token.ts'
import { endSessionsOfAccount, endSessionsOfMembers } from '../sessions/end-sessions.ts'
import { account, eligible } from './eligible.ts'
import { checkNew } from './joint-acts-of-three.ts'
import type { ThreeNeeds } from './needs.ts'

const migration = '0172-three-administrators.sql'
const eachAtMost = 10

/** Somebody to appoint when it is switched on. `corp` is theirs, for the three of the installation alone. */
export type Choice = {
  role: ThreeRole
  userId: string
  corp?: string | undefined
  declared?: boolean | undefined
}

/** What somebody holds today and will hold no more. */
export type Loss = { userId: string; userName: string; isAccount: boolean; points: Point[] }

const all = Object.keys(points) as Point[]

/**
 * Returns which members lose which rights when the three are separated, unless they are appointed to one of the three, and how
 * many admin tokens end.
 */
export async function lossesOf(
  ctx: ThreeNeeds,
  corpId: string | undefined,
): Promise<{ losses: Loss[]; tokens: number }> {
  const tokens = await liveTokens(ctx, corpId)
  const system: Person = {
    corpId: corpId ?? '',
    roleLevel: roleLevel.system,
    assigned: [],
    member: undefined,
    adminName: administratorName,
  }
  const ofAccount = { ...lossOf(system), userId: administratorName, userName: '', isAccount: true }
  if (corpId === undefined) return { losses: [ofAccount], tokens }
  const { members } = ctx.mirrors.of(corpId)
  const ofMembers = (await withRights(ctx, corpId)).flatMap(id => {
    const member = members.byId(id)
    if (!member || !isListed(member)) return []
    const { userId, name: userName } = member
    return [{ ...lossOf(memberPerson(ctx, corpId, member)), userId, userName, isAccount: false }]
  })
  return { losses: [ofAccount, ...ofMembers].filter(one => one.points.length > 0), tokens }
}

function lossOf(person: Person): { points: Point[] } {
  const later = { ...person, separated: { as: undefined } }
  return { points: all.filter(point => holdsPoint(person, point) && !holdsPoint(later, point)) }
}

/** Members with a fixed role or one of the corp's own. */
async function withRights(ctx: ThreeNeeds, corpId: string): Promise<number[]> {
  const [fixed, ownOnes] = await Promise.all([
    rolesOfCorp(ctx.db, corpId),
    membersWithOwnRole(ctx.db, corpId),
  ])
  return [...new Set([...fixed.map(one => one.memberId), ...ownOnes])]
}

/**
 * Separates the three in a corp or, with undefined, in the installation, and appoints them: all in one transaction, which also ends the
 * sessions and admin tokens of those who lose something. Only all three together switch it off. Throws 1000, 1007, 1013.
 */
export async function switchOn(
  ctx: ThreeNeeds,
  actor: string,
  corpId: string | undefined,
  chosen: readonly Choice[],
  confirm: string,
): Promise<void> {
  checkConfirmed(corpId, confirm)
  checkChosen(chosen)
  await ctx.db.transaction().execute(async tx => {
    await lockThree(tx)
    await checkKnownByAll(tx, migration)
    if ((await scopes(tx)).some(one => one.scope === (corpId ?? '')))
      throw new ApiError('badParameter', {
        zh: '三员分立已开启',
        en: 'the three administrators are separated already',
      })
    const at = new Date(ctx.now())
    const common = { corpId: corpId ?? null, givenBy: actor, givenAt: at }
    await putScope(tx, corpId, at)
    await insertHolder(tx, { ...account, ...common, role: 'system' })
    const appointed = new Map<string, number[]>()
    const names: Record<ThreeRole, string[]> = { system: [administratorName], security: [], auditor: [] }
    for (const { role, userId, corp, declared = false } of chosen) {
      const ofMember = corpId ?? corp
      if (ofMember === undefined) throw new ApiError('missingParameter', 'chosen.corp')
      const holder = await eligible(ctx, tx, role, { corpId: ofMember, userId, declared })
      checkNew(await liveHolders(tx), corpId, role, holder)
      await insertHolder(tx, { ...holder, ...common, role })
      appointed.getOrInsertComputed(ofMember, () => []).push(holder.memberId ?? -1)
      names[role].push(holder.userId)
    }
    if (corpId !== undefined) await endSessionsOfMembers(tx, corpId, await withRights(ctx, corpId), at)
    for (const [ofMember, ids] of appointed) await endSessionsOfMembers(tx, ofMember, ids, at)
    await endSessionsOfAccount(tx, administratorName, undefined, at)
    await endTokensIn(tx, ctx, actor, corpId)
    const { system, security, auditor: auditors } = names
    const keys = (await threeGrants.read(tx, corpId ?? null)).map(one => one.key)
    const grants = await boundGrants(tx, threeGrants, corpId ?? null, keys)
    const detail = { systemAdministrators: system, securityAdministrators: security, auditors, grants }
    await record(tx, ctx, { corpId: corpId ?? null, actor, act: 'three.on', target: corpId ?? '', detail })
    await signal(tx, 'wisp_config', '')
  })
  await ctx.reloadConfig(corpId)
  ctx.sessions.forget()
}

/** Nobody switches it on by a slip: it is not theirs to switch off again. */
function checkConfirmed(corpId: string | undefined, confirm: string): void {
  const wanted = corpId ?? 'installation'
  if (confirm === wanted) return
  throw new ApiError('badParameter', {
    zh: told`confirm：开启后一个人不能关闭，请输入 ${own(wanted)} 确认；没有开启`,
    en: told`confirm: one person cannot switch it off again; confirm it with ${own(wanted)}; nothing was switched on`,
  })
}

function checkChosen(chosen: readonly Choice[]): void {
  for (const role of threeRoles) {
    const n = chosen.filter(one => one.role === role).length
    const words = roleWords[role]
    if (n === 0 && role !== 'system')
      throw new ApiError('badParameter', {
        zh: told`${own(role)}：至少需要一名${own(words.zh)}；没有开启`,
        en: told`${own(role)}: at least one ${own(words.en)} is needed; nothing was switched on`,
      })
    if (n > eachAtMost)
      throw new ApiError('badParameter', {
        zh: told`${own(role)}：最多 ${own(eachAtMost)} 名${own(words.zh)}；没有开启`,
        en: told`${own(role)}: at most ${own(eachAtMost)}; nothing was switched on`,
      })
  }
  const persons = chosen.map(one => `${one.corp ?? ''}/${one.userId.toLowerCase()}`)
  const twice = chosen.find((_, i) => persons.indexOf(persons[i]!) !== i)
  if (twice)
    throw new ApiError('badParameter', {
      zh: told`${twice.userId} 写了两次；一个人只能担任一种，没有开启`,
      en: told`${twice.userId} is named twice; a person is only one of the three; nothing was switched on`,
    })
}
