/**
 * WeCom's events say what to read again; what counts is the detail as it is then. A submission that is under way is waited for, so that its row
 * gets the number before an event that came earlier makes another.
 */

import { isOn } from '../../../organisation/corps/features/check-on.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import {
  type ApprovalDetail,
  type ApprovalFlow,
  holdersOf,
  openStep,
} from '../../../upstream/wecom/approvals/detail.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import { outcomeOf } from '../../channels/wecom/outcome.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { agentOfCorp, approvalsFeature } from '../setup/setup.ts'
import { findTemplate } from '../setup/setup-store.ts'
import * as store from '../store.ts'
import { changesSince, toldWhenMet } from './changes.ts'
import { tellChanges } from './tell.ts'
import { followTodos } from './todos.ts'

/** So long a submission may take until it is settled. */
const applyingMs = 120_000
const againMs = 2000
const refusedMs = 3_600_000

export type Subject = { flow: ApprovalFlow; no: string }

/** Reads an approval again and takes over what has changed. Returns when to look again, if it could not be read now. */
export async function reread(
  ctx: ApprovalNeeds,
  { corpId, lease }: Pick<ActiveTask, 'corpId' | 'lease'>,
  { flow, no }: Subject,
): Promise<Date | undefined> {
  const known = await store.findByNo(ctx.db, corpId, flow, no)
  if (!known && !isOn(ctx, corpId, approvalsFeature)) return undefined
  if (known && !(await findTemplate(ctx.db, corpId, known.templateId))) {
    await ctx.mirrors.load(corpId)
    await ctx.db.transaction().execute(async tx => {
      await forget(tx, ctx, known)
      await holdLease(tx, lease)
    })
    return undefined
  }
  let detail: ApprovalDetail
  try {
    detail = await detailOf(ctx, corpId, { flow, no })
  } catch (error) {
    // It is not there: an event of somebody else's, or one that was deleted for good.
    if (error instanceof WecomError && error.errcode === notThere) return undefined
    const isRefused = error instanceof ApiError || outcomeOf(error).kind === 'refused'
    if (isRefused) return known ? new Date(ctx.now() + refusedMs) : undefined
    const outcome = outcomeOf(error)
    if (outcome.kind === 'again' && outcome.afterMs) return new Date(ctx.now() + outcome.afterMs)
    throw error
  }
  const { templateId, applicant } = detail
  const since = new Date(ctx.now() - applyingMs)
  if (!known && (await store.isApplying(ctx.db, { corpId, templateId, applicant }, since)))
    return new Date(ctx.now() + againMs)
  await ctx.mirrors.load(corpId)
  await ctx.db.transaction().execute(async tx => {
    await takeOver(tx, ctx, corpId, { flow, no }, detail)
    await holdLease(tx, lease)
  })
  return undefined
}

/** WeCom says so of a number that it does not know (docs/upstream/wecom-approvals.md#whose-secret). */
const notThere = 301025

/** Throws what WeCom answers, and 1008 without an agent. */
export async function detailOf(
  ctx: ApprovalNeeds,
  corpId: string,
  { flow, no }: Subject,
): Promise<ApprovalDetail> {
  const { approvals } = (await agentOfCorp(ctx, corpId)).agent.messenger
  return flow === 'own' ? approvals.openData(no) : approvals.detail(no)
}

/**
 * Writes what was read, with the to-dos and events that follow from it. Approvals of templates that are not there are left. `isAsked`: a developer
 * asked, and nothing has happened.
 */
export async function takeOver(
  tx: Db,
  ctx: ApprovalNeeds,
  corpId: string,
  { flow, no }: Subject,
  detail: ApprovalDetail,
  isAsked = false,
): Promise<void> {
  const at = new Date(ctx.now())
  const { templateId, name, applicant, contents, steps, status } = detail
  const template = await findTemplate(tx, corpId, templateId)
  if (template?.flow !== flow) return
  const head = { corpId, flow, no, templateId, name: name || template.name, applicant, at }
  const known = await store.lockByNo(tx, corpId, flow, no)
  const row = known ?? (await inserted(tx, head))
  const { changes, told } = changesSince(row.told, detail)
  const todoApp = row.todoApp ?? (await appOf(ctx, corpId))
  const openTodos = await followTodos(tx, ctx, { ...row, no, appId: todoApp }, detail, at)
  const last = changes.at(-1)
  await store.putRead(tx, row, {
    name: head.name,
    applicant,
    status,
    step: openStep(detail) ?? null,
    holders: holdersOf(detail),
    steps,
    contents: contents ?? [],
    told,
    openTodos,
    todoApp,
    createdAt: detail.appliedAt > 0 ? new Date(detail.appliedAt * 1000) : row.createdAt,
    since: last ? (last.at > 0 ? new Date(last.at * 1000) : at) : row.since,
    at: last ? at : row.changedAt,
  })
  const { appliedAt } = detail
  const news = known ? changes : toldWhenMet(changes, { appliedAt, isAsked, now: ctx.now() })
  await tellChanges(tx, row, template, news, at)
}

async function inserted(tx: Db, head: Parameters<typeof store.insertHeard>[1]): Promise<store.ApprovalRow> {
  await store.insertHeard(tx, head)
  // Another transaction may have inserted it, which has committed by now.
  return (await store.lockByNo(tx, head.corpId, head.flow, head.no))!
}

async function appOf(ctx: ApprovalNeeds, corpId: string): Promise<string | null> {
  return (await agentOfCorp(ctx, corpId)).setting.appId
}

/** Its template was removed: its to-dos end. WeCom is not asked, which may refuse by now. */
async function forget(tx: Db, ctx: ApprovalNeeds, { corpId, flow, no }: store.ApprovalRow): Promise<void> {
  const at = new Date(ctx.now())
  const row = await store.lockByNo(tx, corpId, flow, no ?? '')
  if (row?.status !== 'pending') return
  const appliedAt = Math.floor(row.createdAt.getTime() / 1000)
  await followTodos(tx, ctx, { ...row, appId: row.todoApp }, { ...row, appliedAt, status: 'deleted' }, at)
  await store.putRead(tx, row, { ...row, step: null, holders: [], openTodos: [], status: 'deleted', at })
}
