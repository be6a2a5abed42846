/** What the three do about themselves. The other two decide about one of them, so that nobody has a part in what is about them. */

import { Type } from 'typebox'
import { holderKey, threeGrants } from '../../organisation/three/granted-store.ts'
import { dropScope, endHolders, insertHolder, refuseOpen } from '../../organisation/three/holding.ts'
import { roleWords } from '../../organisation/three/joint-acts.ts'
import { type HolderRow, liveHolders } from '../../organisation/three/three-store.ts'
import { jointAct } from '../../platform/acts/joint-act.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import { type ThreeRole, threeRoles } from '../../platform/http/admin/three-role.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { endSessionsOfMembers } from '../sessions/end-sessions.ts'
import { dropFactor } from '../sign-in/factor/second-factor.ts'
import { type Appointee, eligible } from './eligible.ts'
import type { ThreeNeeds } from './needs.ts'

const role = Type.Enum([...threeRoles])
const userId = Type.String({ minLength: 1, maxLength: 64 })

const theOthers = (one: ThreeRole) => ({
  roles: threeRoles.filter(other => other !== one),
  count: 2 as const,
})

const appointed = Type.Object(
  {
    role,
    userId,
    /** The corp of the member; for the three of the installation alone. */
    corp: Type.Optional(Type.String({ maxLength: 64 })),
    declared: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export const appoint = jointAct({
  title: { zh: '任命三员', en: 'Appoint one of the three administrators' },
  shape: appointed,
  needs: ({ role }) => theOthers(role),
  detail: ({ role, ...more }) => ({ threeRole: role, ...more }),
  async check(ctx: ThreeNeeds, corpId, given) {
    const { memberId, userId: about } = await eligible(ctx, ctx.db, given.role, appointeeOf(corpId, given))
    checkNew(await liveHolders(ctx.db), corpId, given.role, { memberId, userId: about })
    return { about, memberIds: memberId === null ? [] : [memberId] }
  },
  async run(ctx: ThreeNeeds, tx, actor, corpId, given) {
    const holder = await eligible(ctx, tx, given.role, appointeeOf(corpId, given))
    checkNew(await liveHolders(tx), corpId, given.role, holder)
    const at = new Date(ctx.now())
    await insertHolder(tx, {
      ...holder,
      corpId: corpId ?? null,
      role: given.role,
      givenBy: actor,
      givenAt: at,
    })
    await endSessions(ctx, tx, holder)
    const grants = await boundGrants(tx, threeGrants, corpId ?? null, [
      holderKey({ ...holder, role: given.role }),
    ])
    const detail = { threeRole: given.role, ...(holder.declared ? { declared: true } : {}), grants }
    return { act: 'three.appoint', target: holder.userId, detail }
  },
  after: ({ sessions }) => sessions.forget(),
})

function appointeeOf(
  corpId: string | undefined,
  { userId, corp, declared = false }: { userId: string; corp?: string; declared?: boolean },
): Appointee {
  const ofMember = corpId ?? corp
  if (ofMember === undefined) throw new ApiError('missingParameter', 'given.corp')
  return { corpId: ofMember, userId, declared }
}

/**
 * Checks that a person does not have the role already. They are compared by userid too, since acts name people by it.
 * @throws ApiError 1000 if the person has it.
 */
export function checkNew(
  holders: readonly HolderRow[],
  corpId: string | undefined,
  role: ThreeRole,
  { memberId, userId }: Pick<HolderRow, 'memberId' | 'userId'>,
): void {
  const has = holders.find(
    one =>
      one.corpId === (corpId ?? null) &&
      (one.memberId === memberId || (one.role === role && one.userId.toLowerCase() === userId.toLowerCase())),
  )
  if (has)
    throw new ApiError('badParameter', {
      zh: told`${has.userId} 已是${own(roleWords[role].zh)}`,
      en: told`${has.userId} is ${own(roleWords[role].en)} already`,
    })
}

const named = Type.Object({ role, userId }, { additionalProperties: false })

export const dismiss = jointAct({
  title: { zh: '免去三员', en: 'Dismiss one of the three administrators' },
  shape: named,
  needs: ({ role }) => theOthers(role),
  detail: ({ role, ...more }) => ({ threeRole: role, ...more }),
  async check(ctx: ThreeNeeds, corpId, given) {
    const holder = dismissable(await liveHolders(ctx.db), corpId, given)
    return subjectOf(holder)
  },
  async run(ctx: ThreeNeeds, tx, _actor, corpId, given) {
    const holder = dismissable(await liveHolders(tx), corpId, given)
    await endHolders(tx, [holder.id], new Date(ctx.now()))
    await endSessions(ctx, tx, holder)
    const grants = await boundGrants(tx, threeGrants, corpId ?? null, [holderKey(holder)])
    return { act: 'three.dismiss', target: holder.userId, detail: { threeRole: holder.role, grants } }
  },
  after: ({ sessions }) => sessions.forget(),
})

type RoleOfHolder = { role: ThreeRole; userId: string }

/** The last of each stays: without one the other two could not be watched, or the separation never ended. */
function dismissable(
  holders: readonly HolderRow[],
  corpId: string | undefined,
  given: RoleOfHolder,
): HolderRow {
  const holder = holderNamed(holders, corpId, given)
  const alike = holders.filter(one => one.corpId === (corpId ?? null) && one.role === given.role)
  if (holder.adminName !== null)
    throw new ApiError('badParameter', {
      zh: '系统超级管理员始终是系统管理员，不能免去',
      en: 'the system super administrator always is a system administrator and cannot be dismissed',
    })
  if (alike.length === 1)
    throw new ApiError('badParameter', {
      zh: told`${holder.userId} 是最后一名${own(roleWords[given.role].zh)}，不能免去；请先任命接任者`,
      en: told`${holder.userId} is the last ${own(roleWords[given.role].en)} and stays: appoint a successor first`,
    })
  return holder
}

function holderNamed(
  holders: readonly HolderRow[],
  corpId: string | undefined,
  given: RoleOfHolder,
): HolderRow {
  const found = holders.find(
    one => one.corpId === (corpId ?? null) && one.role === given.role && one.userId === given.userId,
  )
  if (found) return found
  throw new ApiError('badParameter', {
    zh: told`${given.userId} 不是${own(roleWords[given.role].zh)}`,
    en: told`${given.userId} is not a ${own(roleWords[given.role].en)}`,
  })
}

const subjectOf = ({ userId, memberId }: HolderRow) => ({
  about: userId,
  memberIds: memberId === null ? [] : [memberId],
})

/** What somebody could do with the role goes with it; the local account's sessions read their rights with each call. */
async function endSessions(
  ctx: ThreeNeeds,
  tx: Db,
  { memberCorp, memberId }: Pick<HolderRow, 'memberCorp' | 'memberId'>,
): Promise<void> {
  if (memberCorp !== null && memberId !== null)
    await endSessionsOfMembers(tx, memberCorp, [memberId], new Date(ctx.now()))
}

/** The local account is that of all corps: those of one corp must not weaken it for the others. */
function resettable(
  holders: readonly HolderRow[],
  corpId: string | undefined,
  given: RoleOfHolder,
): HolderRow {
  const holder = holderNamed(holders, corpId, given)
  if (holder.adminName !== null && corpId !== undefined)
    throw new ApiError('badParameter', {
      zh: '系统超级管理员属于整个平台，一个企业的三员不能重置其两步验证；由整个平台的三员重置，没有启用时用 wisp admin second-factor reset',
      en: 'the system super administrator is that of the installation, whose three reset its second factor, or without them wisp admin second-factor reset; those of a corp do not',
    })
  return holder
}

export const resetFactor = jointAct({
  title: { zh: '重置三员的两步验证', en: 'Reset the second factor of one of the three administrators' },
  shape: named,
  needs: ({ role }) => theOthers(role),
  detail: ({ role, ...more }) => ({ threeRole: role, ...more }),
  async check(ctx: ThreeNeeds, corpId, given) {
    return subjectOf(resettable(await liveHolders(ctx.db), corpId, given))
  },
  async run(ctx: ThreeNeeds, tx, actor, corpId, given) {
    const holder = resettable(await liveHolders(tx), corpId, given)
    const { adminName, memberCorp, memberId, userId, name } = holder
    const ofMember = { corpId: memberCorp ?? '', memberId: memberId ?? -1, userId, name }
    const detail = await dropFactor(tx, ctx, actor, adminName === null ? ofMember : { adminName })
    await signal(tx, 'wisp_session', '*')
    return { act: 'admin.second-factor.reset', target: userId, detail: { ...detail, threeRole: holder.role } }
  },
  after: ({ sessions }) => sessions.forget(),
})

export const switchOff = jointAct({
  title: { zh: '关闭三员分立', en: 'Switch the separation of the three administrators off' },
  shape: Type.Object({}, { additionalProperties: false }),
  needs: () => ({ roles: threeRoles, count: 3 }),
  check: async () => ({ about: '', memberIds: [] }),
  async run(ctx: ThreeNeeds, tx, _actor, corpId) {
    const at = new Date(ctx.now())
    const holders = (await liveHolders(tx)).filter(one => one.corpId === (corpId ?? null))
    const keys = (await threeGrants.read(tx, corpId ?? null)).map(one => one.key)
    await endHolders(
      tx,
      holders.map(one => one.id),
      at,
    )
    await dropScope(tx, corpId)
    await refuseOpen(tx, corpId, at)
    for (const holder of holders) await endSessions(ctx, tx, holder)
    const grants = await boundGrants(tx, threeGrants, corpId ?? null, keys)
    return { act: 'three.off', target: corpId ?? '', detail: { grants } }
  },
  after: ({ sessions }) => sessions.forget(),
})
