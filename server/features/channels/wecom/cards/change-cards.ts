/**
 * A code by which WeCom changes a card is good once, and is claimed in the database before its call.
 */

import type { Agent, Corps } from '../../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../../platform/core.ts'
import { type CardChange, cardUpdateOf } from '../../../../upstream/wecom/cards/card-reply.ts'
import { WecomError, WecomUnavailable } from '../../../../upstream/wecom/errors.ts'
import { isBusy, isLimit } from '../../../../upstream/wecom/passing.ts'
import type { MessageRow } from '../../part.ts'
import type { WecomReason } from '../reasons.ts'
import { claimCodes, endCode, lockCodes } from './code-store.ts'
import { type PlannedCall, planUpdate, type UpdateTarget } from './plan-update.ts'
import { type Receiver, receiversOf } from './receivers.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

/** How long a call that changes cards may take; afterwards nobody knows whether it used its code. */
const claimMs = 60_000
const callsAtOnce = 16
/** A code that WeCom does not take leaves its receivers to another one, if there is any. */
const roundsAtMost = 4

/** Why a card was not changed. `isPassing`: it may work later. */
export type CardFailure = { reason: WecomReason; isPassing: boolean }

export type CardChanges = {
  /** Whose cards were changed, by person. */
  changed: Map<string, Receiver>
  failed: Map<string, CardFailure & { receiver: Receiver }>
  /** Whom WeCom refused, in its spelling. */
  invalid: string[]
}

/**
 * Changes cards that were sent. Each code is claimed in the database before its call, so that two updates at once, on any nodes, never
 * use the same. After a crash in between nobody knows whether the code was used: the next update tries it once more, and WeCom says.
 */
export async function changeCards(
  ctx: Needs,
  message: MessageRow,
  wanted: readonly UpdateTarget[],
  change: CardChange,
): Promise<CardChanges> {
  const done: CardChanges = { changed: new Map(), failed: new Map(), invalid: [] }
  const agent = ctx.corps.get(message.corpId).agents.find(one => one.agentId === message.agentId)
  if (!agent) {
    const why = { reason: { code: 'wecomAgentGone', agentId: message.agentId } as const, isPassing: false }
    for (const { receivers } of wanted)
      for (const one of receivers) done.failed.set(one.id, { ...why, receiver: one })
    return done
  }
  let left = wanted
  for (let round = 0; round < roundsAtMost && left.length > 0; round++) {
    const { calls, unchangeable } = await claim(ctx, message.corpId, left)
    // What an earlier round said about somebody is nearer to the truth than that no code is left now.
    for (const { receiver, why } of unchangeable)
      if (!done.failed.has(receiver.id))
        done.failed.set(receiver.id, {
          receiver,
          reason: { code: 'wecomCardNoCode', why },
          isPassing: why === 'notSent' || why === 'codeUnclear',
        })
    const again = new Set<PlannedCall>()
    await eachOf(calls, async call => {
      if (await make(ctx, { corpId: message.corpId, agent, change, done }, call, left)) again.add(call)
    })
    left = [...again].map(call => wantedOf(call, left))
  }
  for (const id of done.changed.keys()) done.failed.delete(id)
  return done
}

async function claim(
  ctx: Core,
  corpId: string,
  wanted: readonly UpdateTarget[],
): Promise<ReturnType<typeof planUpdate>> {
  const ids = [...new Set(wanted.map(one => one.part.messageId))]
  return ctx.db.transaction().execute(async tx => {
    const planned = planUpdate(wanted, await lockCodes(tx, corpId, ids), ctx.now())
    await claimCodes(
      tx,
      corpId,
      planned.calls.map(call => call.code.id),
      new Date(ctx.now() + claimMs),
    )
    return planned
  })
}

/** What all calls of one update share; each adds to `done` what became of its receivers. */
type Update = { corpId: string; agent: Agent; change: CardChange; done: CardChanges }

/** Makes one call and ends its claim. Returns whether its receivers should be tried with another code. */
async function make(
  ctx: Needs,
  { corpId, agent, change, done }: Update,
  call: PlannedCall,
  wanted: readonly UpdateTarget[],
): Promise<boolean> {
  const { receivers } = wantedOf(call, wanted)
  const request = {
    ...(call.receivers ? { userids: call.receivers.map(one => one.userId) } : { atall: 1 }),
    agentid: agent.agentId,
    response_code: call.code.code,
    ...cardUpdateOf(change),
  }
  const outcome = await updateOnce(agent, request)
  if ('invalid' in outcome) {
    await endCode(ctx.db, corpId, call.code.id, 'used')
    done.invalid.push(...outcome.invalid)
    const refused = new Set(outcome.invalid.map(id => id.toLowerCase()))
    for (const one of receivers) {
      if (refused.has(one.userId.toLowerCase()))
        done.failed.set(one.id, { receiver: one, reason: { code: 'wecomOutOfSight' }, isPassing: false })
      else done.changed.set(one.id, one)
    }
    return false
  }
  // An unclear call keeps its claim until it is over, so that nobody uses the code meanwhile.
  if (outcome.code !== 'claimed') await endCode(ctx.db, corpId, call.code.id, outcome.code)
  const { reason, isPassing } = outcome
  for (const one of receivers) done.failed.set(one.id, { receiver: one, reason, isPassing })
  return outcome.code === 'dead'
}

type CodeFailure = CardFailure & { code: 'free' | 'dead' | 'claimed' }

/**
 * An unclear answer is asked for once more, with the same code: where WeCom says that it is used now, the first call did it. Nobody
 * but this call has the code.
 */
async function updateOnce(agent: Agent, request: object): Promise<{ invalid: string[] } | CodeFailure> {
  const first = await tryUpdate(agent, request)
  if ('invalid' in first || first.code !== 'claimed') return first
  const second = await tryUpdate(agent, request)
  if ('invalid' in second) return second
  return second.code === 'dead' ? { invalid: [] } : { ...second, code: 'claimed' }
}

async function tryUpdate(agent: Agent, request: object): Promise<{ invalid: string[] } | CodeFailure> {
  try {
    return { invalid: await agent.messenger.updateCard(request) }
  } catch (error) {
    if (error instanceof WecomUnavailable) {
      const reason: WecomReason = {
        code: error.ambiguous ? 'wecomSilent' : 'wecomUnreachable',
        why: error.reason,
      }
      return { reason, isPassing: true, code: error.ambiguous ? 'claimed' : 'free' }
    }
    if (!(error instanceof WecomError)) throw error
    const { errcode, errmsg } = error
    const reason: WecomReason = { code: 'wecomRefused', errcode, errmsg }
    const isPassing = isBusy(errcode) || isLimit(errcode)
    return { reason, isPassing, code: isDeadCode(error) ? 'dead' : 'free' }
  }
}

/** No source lists the errcodes of codes that are used or too old; WeCom names the field that it does not take in errmsg. */
function isDeadCode({ errmsg }: WecomError): boolean {
  return /response_?code/i.test(errmsg)
}

/** The receivers of a call, as they were wanted. */
function wantedOf(call: PlannedCall, wanted: readonly UpdateTarget[]): UpdateTarget {
  const own = wanted.find(one => one.part.id === call.partId) as UpdateTarget
  return call.receivers ? { ...own, receivers: call.receivers, isWhole: false } : own
}

async function eachOf<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = list.values()
  const worker = async () => {
    for (const one of queue) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(callsAtOnce, list.length) }, worker))
}

/** All receivers of these calls whom `isMeant` takes. */
export function wantedAmong(
  view: Parameters<typeof receiversOf>[0],
  parts: readonly UpdateTarget['part'][],
  isMeant: (receiver: Receiver) => boolean = () => true,
): UpdateTarget[] {
  return parts.map(part => {
    const all = receiversOf(view, part)
    const receivers = all.filter(isMeant)
    return { part, receivers, isWhole: receivers.length === all.length }
  })
}
