/**
 * Acts that take several of the three administrators (`platform/acts/joint-act.ts` declares one). One proposes, the others agree; the
 * last agreement does it in its own transaction. Each of the three agrees once, nobody about themselves, and an agreement counts only
 * while whoever gave it still holds the role.
 */

import type { JointNeed, OfferedJointAct } from '../../platform/acts/joint-act.ts'
import { type Detail, record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { structured } from '../../platform/http/input.ts'
import { refused } from '../../platform/http/page-call.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import * as store from './joint-store.ts'
import type { Three } from './three.ts'
import { type HolderRow, liveHolders, lockThree } from './three-store.ts'

export type JointNeeds = Core & { offered: FeatureOffers; three: Three }

/** Who proposes or agrees. `memberId` is undefined for the local account. */
export type ThreeActor = { role: ThreeRole; actor: string; memberId: number | undefined }

export const roleWords: Readonly<Record<ThreeRole, Words>> = {
  system: { zh: '系统管理员', en: 'system administrator' },
  security: { zh: '安全管理员', en: 'security administrator' },
  auditor: { zh: '审计员', en: 'auditor' },
}
const namesOf = (roles: readonly ThreeRole[]) => ({
  zh: roles.map(one => roleWords[one].zh).join('、'),
  en: roles.map(one => roleWords[one].en).join(', '),
})

const openForMs = 3 * 86_400_000
const openAtMost = 50

/** Which of the three somebody is in a corp, or with undefined in the installation; undefined for none. */
export function roleOfPerson(
  three: Three,
  { member }: Person,
  corpId: string | undefined,
): ThreeRole | undefined {
  if (!three.isOn(corpId)) return undefined
  if (!member) return three.ofAccount(corpId)?.as
  return corpId === undefined ? three.ofInstallation(member.id) : three.ofMember(corpId, member.id)?.as
}

/** The same as who proposes or agrees. Throws 1000 where the three are not separated, and 1009 for all others. */
export function threeActor(three: Three, person: Person, corpId: string | undefined): ThreeActor {
  const { member } = person
  const role = roleOfPerson(three, person, corpId)
  if (!three.isOn(corpId))
    throw new ApiError('badParameter', {
      zh: '三员分立没有开启',
      en: 'the three administrators are not separated',
    })
  if (!role)
    throw refused({
      zh: '只有三员可以提议和确认',
      en: 'only the three administrators propose and agree',
    })
  return { role, actor: member ? member.userId : person.adminName, memberId: member?.id }
}

/** Proposes an act and returns its number. Throws 1000, 1009, and what the act itself throws. */
export async function propose(
  ctx: JointNeeds,
  by: ThreeActor,
  corpId: string | undefined,
  kind: string,
  given: unknown,
): Promise<number> {
  const declared = actNamed(ctx, kind)
  const payload = structured({ zh: '要做的事', en: 'What is done' }, declared.shape).read(given, 'given')
  checkTakesPart(by, declared.needs(payload))
  const { about, memberIds } = await declared.check(corpId, payload)
  checkNotOwn(by, memberIds)
  const now = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    await lockThree(tx)
    const { userId } = await holderOf(tx, by, corpId)
    if ((await store.countOpen(tx, corpId, now)) >= openAtMost)
      throw new ApiError('badParameter', {
        zh: told`已有 ${own(openAtMost)} 项等待确认，请先处理；没有提议`,
        en: told`${own(openAtMost)} acts wait for agreement, the most there may be: decide them first; nothing was proposed`,
      })
    const expiresAt = new Date(now.getTime() + openForMs)
    const row = { corpId: corpId ?? null, kind, payload, about, proposedAt: now, expiresAt }
    const id = await store.insertJointAct(tx, row)
    await store.insertAssent(tx, id, { role: by.role, actor: userId, givenAt: now })
    await recordStep(tx, ctx, by, corpId, 'joint.propose', { id, kind, about })
    if (corpId !== undefined) await checkAlerts(ctx, tx, corpId)
    return id
  })
}

/**
 * Agrees to an act, which is done when that was the last agreement it took. Returns whether it was done. Throws 1000 for one that is
 * over, 1009, and what the act itself throws.
 */
export async function agree(
  ctx: JointNeeds,
  by: ThreeActor,
  corpId: string | undefined,
  id: number,
): Promise<boolean> {
  const done = await ctx.db.transaction().execute(async tx => {
    const { row, declared, userId } = await lockedOpen(ctx, tx, by, corpId, id)
    const need = declared.needs(row.payload)
    checkTakesPart(by, need)
    const { memberIds } = await declared.check(corpId, row.payload)
    checkNotOwn(by, memberIds)
    const now = new Date(ctx.now())
    if (!(await store.insertAssent(tx, id, { role: by.role, actor: userId, givenAt: now })))
      throw new ApiError('badParameter', {
        zh: told`${own(roleWords[by.role].zh)}已经同意，需要其他角色确认`,
        en: told`the ${own(roleWords[by.role].en)} has agreed already: another one of the three has to`,
      })
    await recordStep(tx, ctx, by, corpId, 'joint.agree', { id, kind: row.kind, about: row.about })
    const assents = (await store.assentsOf(tx, [id])).get(id) ?? []
    await checkStillHeld(tx, assents, corpId)
    if (assents.length < need.count) return undefined
    const { act, target, targetName, detail } = await declared.run(tx, by.actor, corpId, row.payload)
    const entry = {
      corpId: corpId ?? null,
      actor: by.actor,
      act,
      target,
      ...(targetName ? { targetName } : {}),
    }
    await record(tx, ctx, { ...entry, detail: { ...detail, jointAct: id } })
    await store.decideJointAct(tx, id, 'done', now)
    if (corpId !== undefined) await checkAlerts(ctx, tx, corpId)
    await signal(tx, 'wisp_config', corpId ?? '')
    return declared
  })
  if (!done) return false
  await ctx.reloadConfig(corpId)
  done.after()
  return true
}

/** Refuses an act, or takes it back: any of the three may. Throws 1000, 1009. */
export async function refuse(
  ctx: JointNeeds,
  by: ThreeActor,
  corpId: string | undefined,
  id: number,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const { row, declared } = await lockedOpen(ctx, tx, by, corpId, id)
    checkTakesPart(by, declared.needs(row.payload))
    await store.decideJointAct(tx, id, 'refused', new Date(ctx.now()))
    await recordStep(tx, ctx, by, corpId, 'joint.refuse', { id, kind: row.kind, about: row.about })
    if (corpId !== undefined) await checkAlerts(ctx, tx, corpId)
  })
}

export type JointView = {
  id: number
  kind: string
  title: Words
  about: string
  given: unknown
  /** The same by the fields of the audit log. */
  detail: Detail
  state: 'open' | 'done' | 'refused' | 'expired'
  proposedAt: Date
  expiresAt: Date
  decidedAt: Date | null
  agreed: { role: ThreeRole; actor: string; at: Date }[]
  /** Who of the three has yet to agree; `lacking` are as many of these as it still takes. */
  waitsFor: ThreeRole[]
  lacking: number
}

const listedAtMost = 100

/** The latest acts of a corp, or of the installation, the newest first. */
export async function listJointActs(ctx: JointNeeds, corpId: string | undefined): Promise<JointView[]> {
  const rows = await store.jointActs(ctx.db, corpId, listedAtMost)
  const assents = await store.assentsOf(
    ctx.db,
    rows.map(row => row.id),
  )
  return rows.map(row => viewOf(ctx, row, assents.get(row.id) ?? []))
}

function viewOf(
  { offered, now }: JointNeeds,
  { payload, corpId: _, ...row }: store.JointRow,
  assents: readonly store.AssentRow[],
): JointView {
  const declared = offered.jointActs[row.kind]
  const { roles, count } = declared?.needs(payload) ?? { roles: [], count: 0 }
  const agreed = assents.map(({ role, actor, givenAt }) => ({ role, actor, at: givenAt }))
  const isOver = row.state === 'open' && row.expiresAt.getTime() <= now()
  const isOpen = row.state === 'open' && !isOver
  return {
    ...row,
    title: declared?.title ?? { zh: row.kind, en: row.kind },
    given: payload,
    detail: declared?.detail(payload) ?? {},
    state: isOver ? 'expired' : row.state,
    agreed,
    waitsFor: isOpen ? roles.filter(role => !agreed.some(one => one.role === role)) : [],
    lacking: isOpen ? Math.max(0, count - agreed.length) : 0,
  }
}

async function lockedOpen(
  ctx: JointNeeds,
  tx: Db,
  by: ThreeActor,
  corpId: string | undefined,
  id: number,
): Promise<{ row: store.JointRow; declared: OfferedJointAct; userId: string }> {
  await lockThree(tx)
  const { userId } = await holderOf(tx, by, corpId)
  const row = await store.lockJointAct(tx, corpId, id)
  if (row?.state !== 'open' || row.expiresAt.getTime() <= ctx.now())
    throw new ApiError('badParameter', {
      zh: told`没有等待确认的操作 ${id}，它可能已完成、被拒绝或到期`,
      en: told`no act ${id} waits for agreement: it may be done, refused or expired`,
    })
  return { row, declared: actNamed(ctx, row.kind), userId }
}

function actNamed({ offered }: JointNeeds, kind: string): OfferedJointAct {
  const declared = Object.hasOwn(offered.jointActs, kind) ? offered.jointActs[kind] : undefined
  if (declared) return declared
  throw new ApiError('badParameter', {
    zh: told`kind：没有 ${kind}，应为 ${own(Object.keys(offered.jointActs).join('、'))} 之一`,
    en: told`kind: there is no ${kind}; it should be one of ${own(Object.keys(offered.jointActs).join(', '))}`,
  })
}

function checkTakesPart({ role }: ThreeActor, { roles }: JointNeed): void {
  if (roles.includes(role)) return
  const names = namesOf(roles)
  throw refused({
    zh: `这项操作由${names.zh}提议和确认`,
    en: `this is proposed by and agreed between: ${names.en}`,
  })
}

function checkNotOwn({ memberId }: ThreeActor, memberIds: readonly number[]): void {
  if (memberId !== undefined && memberIds.includes(memberId))
    throw refused({
      zh: '不能提议或确认涉及自己的操作',
      en: 'nobody proposes or agrees to what is about them',
    })
}

/**
 * What is in memory may be a moment old: the database says who holds which role. An agreement is kept with the userid of the appointment,
 * since WeCom may have renamed them. Throws 1009.
 */
async function holderOf(tx: Db, by: ThreeActor, corpId: string | undefined): Promise<HolderRow> {
  const holders = (await liveHolders(tx)).filter(one => one.corpId === (corpId ?? null))
  const held = holders.find(
    one =>
      one.role === by.role &&
      (by.memberId === undefined ? one.adminName : one.memberId) === (by.memberId ?? by.actor),
  )
  if (held) return held
  throw refused({
    zh: `您不再是${roleWords[by.role].zh}`,
    en: `you are no ${roleWords[by.role].en} any more`,
  })
}

/** Throws 1000 where somebody who agreed has lost the role since. */
async function checkStillHeld(
  tx: Db,
  assents: readonly store.AssentRow[],
  corpId: string | undefined,
): Promise<void> {
  const holders = (await liveHolders(tx)).filter(one => one.corpId === (corpId ?? null))
  const lost = assents.find(
    ({ role, actor }) => !holders.some(one => one.role === role && one.userId === actor),
  )
  if (lost)
    throw new ApiError('badParameter', {
      zh: told`${lost.actor} 已不是${own(roleWords[lost.role].zh)}，其同意无效，请重新提议`,
      en: told`${lost.actor} is no longer a ${own(roleWords[lost.role].en)}, so their agreement does not count: propose it again`,
    })
}

async function recordStep(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  { actor, role }: ThreeActor,
  corpId: string | undefined,
  act: 'joint.propose' | 'joint.agree' | 'joint.refuse',
  { id, kind, about }: { id: number; kind: string; about: string },
): Promise<void> {
  const detail = { jointKind: kind, jointAct: id, threeRole: role }
  await record(tx, ctx, { corpId: corpId ?? null, actor, act, target: about, detail })
}
