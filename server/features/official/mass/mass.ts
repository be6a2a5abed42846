/**
 * A call of a mass message is made under one `clientmsgid` until its answer is known. WeChat sends nothing twice under it for a
 * day; after that an unanswered call is `unknown`. Its answer and its result take the same lock, since WeChat pushes the result
 * while the answer is still being written.
 */

import { randomBytes } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { deleteMass, previewMass } from '../../../upstream/official/calls/mass.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { type AudienceInput, reach } from './audience.ts'
import { type ContentInput, readContent, referToContent, wireContent } from './content.ts'
import * as parts from './part-store.ts'
import { notesOf, type Quota, quotaLeft, quotasOf } from './quotas.ts'
import * as store from './store.ts'

export type MassRequest = {
  audience: AudienceInput
  content: ContentInput
  /** Undefined: at once. */
  sendAt?: Date | undefined
  /** The same again when the same is asked again. */
  requestId?: string | undefined
}

const aheadAtMostMs = 90 * 86_400_000

export type Forecast = {
  receivers: number
  calls: number
  /** Members who are no linked followers of the account. */
  notLinked: number
  /** What WeChat allows, and how much of it is used. */
  limits: Quota[]
  notes: Words[]
  needsApproval: boolean
}

/** Returns who gets a mass message, and what WeChat allows, before anything is sent. @throws ApiError 1000, 1001, 1009, 1011 */
export async function forecastMass(ctx: Core, account: Account, input: AudienceInput): Promise<Forecast> {
  const { audience, receivers, calls } = await explained(reach(ctx, account, input))
  const [quotas, needsApproval, quota] = await Promise.all([
    quotasOf(ctx, account, audience.to),
    store.needsApproval(ctx.db, account),
    quotaLeft(account, audience.to),
  ])
  const notLinked = audience.to === 'members' ? audience.notLinked : 0
  const notes = notesOf(account, audience.to, quotas)
  const all = quota ? [...quotas, quota] : quotas
  return { receivers, calls: calls.length, notLinked, limits: all, notes, needsApproval }
}

/**
 * Stores a mass message; it goes out when it is due, or once it is approved. Returns its id and state. Throws 1000, 1001, 1009
 * and 1011.
 */
export async function createMass(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  actor: string,
  account: Account,
  request: MassRequest,
): Promise<{ id: string; state: store.MassState }> {
  const { corpId, originalId } = account
  checkOn(ctx, corpId, 'official')
  if (!account.enabled)
    throw new ApiError('badParameter', {
      zh: told`公众号 ${account.name} 已停用，没有群发；请先启用`,
      en: told`the official account ${account.name} is disabled, and nothing was sent: enable it first`,
    })
  const now = ctx.now()
  if (request.sendAt && request.sendAt.getTime() > now + aheadAtMostMs)
    throw new ApiError('badParameter', {
      zh: '定时应在 90 天以内，没有群发',
      en: 'the time should be within the next 90 days; nothing was sent',
    })
  const { audience, receivers, calls } = await explained(reach(ctx, account, request.audience))
  const content = await readContent(ctx, account, request.content)
  const dueAt = new Date(Math.max(now, request.sendAt?.getTime() ?? 0))
  return ctx.db.transaction().execute(async tx => {
    await referToContent(ctx, tx, corpId, content)
    const state = (await store.needsApproval(tx, account)) ? 'approval' : 'waiting'
    const made = randomBytes(8).toString('hex')
    const { requestId } = request
    const at = new Date(now)
    const mass = {
      id: made,
      requestId,
      audience,
      content,
      receivers,
      state,
      dueAt,
      actor,
      at,
      parts: calls,
    } as const
    const id = await store.insertMass(tx, account, mass)
    if (id !== made) return { id, state: (await get(tx, account, id)).state }
    const detail = { id, to: audience.to, type: content.type, receivers, dueAt: dueAt.toISOString() }
    await record(tx, ctx, { corpId, actor, act: 'official.mass.create', target: originalId, detail })
    if (state === 'waiting') await enqueueMass(tx, account, dueAt)
    return { id, state }
  })
}

async function enqueueMass(tx: Db, { corpId, originalId }: Account, at: Date): Promise<void> {
  await enqueue(tx, [{ corpId, stream: 'official-mass', key: originalId }], at)
}

async function get(tx: Db, account: Account, id: string): Promise<store.Mass> {
  const mass = await store.lockMass(tx, account, id)
  if (!mass) throw unknownMass(id)
  return mass
}

function unknownMass(id: string): ApiError {
  return new ApiError('badParameter', { zh: told`没有群发 ${id}`, en: told`there is no mass message ${id}` })
}

export async function massOf(ctx: Core, account: Account, id: string): Promise<store.MassWithParts> {
  const { list } = await store.masses(ctx.db, account, { offset: 0, limit: 1, id })
  const [mass] = list
  if (!mass) throw unknownMass(id)
  return mass
}

const inWords: Record<store.MassState, Words> = {
  approval: { zh: '等待审批', en: 'waiting for approval' },
  waiting: { zh: '等待发送', en: 'waiting to be sent' },
  going: { zh: '已在发送', en: 'being sent' },
  done: { zh: '已发送', en: 'sent' },
  partly: { zh: '部分发送', en: 'sent in part' },
  failed: { zh: '已失败', en: 'failed' },
  stopped: { zh: '已停止', en: 'stopped' },
  rejected: { zh: '已驳回', en: 'rejected' },
  deleted: { zh: '已删除', en: 'deleted' },
}

function cannot(what: Words, state: store.MassState): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(inWords[state].zh)}，不能${own(what.zh)}`,
    en: told`it cannot be ${own(what.en)}: it is ${own(inWords[state].en)}`,
  })
}

/**
 * Approves or rejects a message of an account whose messages need it. Who asked for the message cannot decide. Throws 1000 and
 * 1009.
 */
export async function decideMass(
  ctx: Core,
  actor: string,
  account: Account,
  id: string,
  isApproved: boolean,
): Promise<void> {
  const { corpId, originalId } = account
  await ctx.db.transaction().execute(async tx => {
    const mass = await get(tx, account, id)
    if (mass.state !== 'approval') throw cannot({ zh: '审批', en: 'approved or rejected' }, mass.state)
    if (mass.actor === actor)
      throw new ApiError('forbidden', {
        zh: '须由提交者以外的管理员审批；没有审批',
        en: 'an administrator other than its sender has to decide; nothing was decided',
      })
    const at = new Date(ctx.now())
    const decided = { decidedBy: actor, decidedAt: at }
    if (isApproved) {
      const dueAt = new Date(Math.max(ctx.now(), mass.dueAt.getTime()))
      await store.setMass(tx, account, id, { state: 'waiting', dueAt, ...decided })
      await parts.delayParts(tx, account, id, dueAt)
      await enqueueMass(tx, account, dueAt)
    } else {
      await parts.stopParts(tx, account, id, at)
      await store.setMass(tx, account, id, { state: 'rejected', endedAt: at, ...decided })
    }
    const act = isApproved ? 'official.mass.approve' : 'official.mass.reject'
    await record(tx, ctx, { corpId, actor, act, target: originalId, detail: { id } })
  })
}

/** Stops what was not given to WeChat yet. Throws 1000 when all of it was. */
export async function stopMass(ctx: Core, actor: string, account: Account, id: string): Promise<void> {
  const { corpId, originalId } = account
  await ctx.db.transaction().execute(async tx => {
    const { state } = await get(tx, account, id)
    const at = new Date(ctx.now())
    const isOpen = state === 'approval' || state === 'waiting' || state === 'going'
    const stopped = isOpen ? await parts.stopParts(tx, account, id, at) : 0
    if (stopped === 0) throw cannot({ zh: '停止', en: 'stopped' }, state)
    if (state === 'approval') await store.setMass(tx, account, id, { state: 'stopped', endedAt: at })
    else await parts.settleMasses(tx, account, [id], at)
    const detail = { id, stopped }
    await record(tx, ctx, { corpId, actor, act: 'official.mass.stop', target: originalId, detail })
  })
}

/**
 * Takes the articles of a sent message back: who opens them finds that they were deleted. WeChat does that for articles only.
 * Throws 1000 and 1011.
 */
export async function takeBackMass(ctx: Core, actor: string, account: Account, id: string): Promise<void> {
  const { corpId, originalId } = account
  const mass = await massOf(ctx, account, id)
  if (mass.content.type !== 'news')
    throw new ApiError('badParameter', {
      zh: '微信只允许删除已群发的图文，这条不是图文；没有删除',
      en: 'WeChat deletes only articles that were sent, and this message has none; nothing was deleted',
    })
  const sent = mass.parts.flatMap(part => (part.state === 'done' && part.msgId ? [part.msgId] : []))
  if (sent.length === 0 || mass.state === 'deleted') throw cannot({ zh: '删除', en: 'deleted' }, mass.state)
  for (const msgId of sent) await explained(deleteMass(account.client, msgId))
  await ctx.db.transaction().execute(async tx => {
    await store.setMass(tx, account, id, { state: 'deleted' })
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'official.mass.delete',
      target: originalId,
      detail: { id },
    })
  })
}

/** Sends one follower what everybody would get. Throws 1000, 1001, 1009 and 1011. */
export async function previewTo(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  actor: string,
  account: Account,
  openid: string,
  input: ContentInput,
): Promise<void> {
  checkOn(ctx, account.corpId, 'official')
  checkAbility(account, 'mass')
  const { corpId, originalId } = account
  const content = await readContent(ctx, account, input)
  await explained(wireContent(ctx, account, content).then(wire => previewMass(account.client, openid, wire)))
  const detail = { openid, type: content.type }
  await record(ctx.db, ctx, { corpId, actor, act: 'official.mass.preview', target: originalId, detail })
}

/** Whether a second administrator has to approve messages of the account from now on. */
export async function setNeedsApproval(
  ctx: Core,
  actor: string,
  account: Account,
  isNeeded: boolean,
): Promise<void> {
  const { corpId, originalId } = account
  await ctx.db.transaction().execute(async tx => {
    await store.putNeedsApproval(tx, account, isNeeded)
    const detail = { needsApproval: isNeeded }
    await record(tx, ctx, { corpId, actor, act: 'official.mass.approval', target: originalId, detail })
  })
}

async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw upstreamError(error)
  }
}
