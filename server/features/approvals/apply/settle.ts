/**
 * A submission is never made twice: WeCom has no key against doubles. One whose answer was lost is looked for by applicant, template and time; of
 * what is found there the one counts whose contents are the same and that nobody else has. Where nothing or more than one is found to the end,
 * it stays unknown; each night it is looked for once more, for some days.
 */

import { ApiError } from '../../../platform/http/errors.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import { TooManyApprovals } from '../../../upstream/wecom/approvals/calls.ts'
import { itemsOf, nodeOf } from '../../../upstream/wecom/approvals/nodes.ts'
import { outcomeOf } from '../../channels/wecom/outcome.ts'
import { tellOwner } from '../follow/tell.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { agentOfCorp } from '../setup/setup.ts'
import * as store from '../store.ts'
import { enqueueRead } from '../tasks.ts'

/** When it is looked for after the submission, in ms: WeCom's list may be late. */
const lookedAtMs = [5000, 30_000, 120_000, 600_000, 1_800_000]
/** Clocks differ. */
const slackMs = 120_000

/** Looks for a submission whose answer was lost. Returns when to look again. */
export async function settleSubmission(
  ctx: ApprovalNeeds,
  { corpId, lease }: Pick<ActiveTask, 'corpId' | 'lease'>,
  id: number,
): Promise<Date | undefined> {
  const row = await store.findById(ctx.db, { corpId, id })
  if (!row || row.state === 'known') return undefined
  const age = ctx.now() - row.createdAt.getTime()
  const next = lookedAtMs.find(ms => ms > age)
  let no: string | undefined
  try {
    no = await findSubmission(ctx, row)
  } catch (error) {
    // Without an agent nobody can be asked.
    const isRefused =
      error instanceof ApiError || error instanceof TooManyApprovals || outcomeOf(error).kind === 'refused'
    const isOver = next === undefined && isRefused
    if (!isOver) return new Date(ctx.now() + 60_000)
  }
  if (no === undefined && next !== undefined) return new Date(row.createdAt.getTime() + next)
  await ctx.db.transaction().execute(async tx => {
    if (no === undefined) await store.putState(tx, row, { state: 'unknown' }, new Date(ctx.now()))
    else await putNumber(ctx, tx, row, no)
    await holdLease(tx, lease)
  })
  return undefined
}

/** The number of the submission; undefined where it is not found, or not for sure. */
export async function findSubmission(
  ctx: ApprovalNeeds,
  row: store.ApprovalRow,
): Promise<string | undefined> {
  const { corpId, templateId, applicant, createdAt } = row
  const { approvals } = (await agentOfCorp(ctx, corpId)).agent.messenger
  const at = createdAt.getTime()
  const [from, to] = [at - slackMs, at + slackMs].map(ms => Math.floor(ms / 1000)) as [number, number]
  const numbers = await approvals.numbers({ templateId, creator: applicant, from, to })
  const taken = await store.knownNumbers(ctx.db, corpId, numbers, true)
  const same: string[] = []
  for (const no of numbers.filter(one => !taken.has(one))) {
    const { contents } = await approvals.detail(no)
    if (isSame(row.contents, contents)) same.push(no)
  }
  return same.length === 1 ? same[0] : undefined
}

/** Whether what was read has all that was submitted: WeCom adds to it, but for ids of files, which it replaces. */
export function isSame(submitted: unknown, read: unknown): boolean {
  const found = new Map(itemsOf(read).map(one => [String(one['id']), one['value']]))
  return itemsOf(submitted).every(one => {
    const value = found.get(String(one['id']))
    return one['control'] === 'File' ? value !== undefined : has(value, one['value'])
  })
}

function has(whole: unknown, part: unknown): boolean {
  // A file within a row.
  if (nodeOf(part)['control'] === 'File') return nodeOf(whole)['value'] !== undefined
  if (Array.isArray(part))
    return (
      Array.isArray(whole) && whole.length === part.length && part.every((one, at) => has(whole[at], one))
    )
  if (typeof part === 'object' && part !== null)
    return (
      typeof whole === 'object' &&
      whole !== null &&
      Object.entries(part).every(([name, one]) => has((whole as Record<string, unknown>)[name], one))
    )
  return String(whole) === String(part)
}

/**
 * Gives a submission its number, and lets it be read. A row that an event made meanwhile becomes the submission's, whose developer is told
 * what others were told before.
 */
export async function putNumber(
  ctx: ApprovalNeeds,
  tx: Parameters<typeof store.putState>[0],
  row: store.ApprovalRow,
  no: string,
): Promise<void> {
  const at = new Date(ctx.now())
  const { corpId } = row
  const heard = await store.lockByNo(tx, corpId, 'wecom', no)
  // The call and the task that looks for its answer may both have found it.
  if (heard?.id === row.id) return
  if (heard?.requestId) return store.putState(tx, row, { state: 'unknown' }, at)
  if (heard) {
    await store.deleteApproval(tx, row)
    await store.putOwner(tx, heard, row)
    await tellOwner(tx, { ...heard, devId: row.devId }, at)
  } else await store.putState(tx, row, { state: 'known', no }, at)
  await enqueueRead(tx, corpId, 'wecom', no, at)
}
