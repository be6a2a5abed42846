import type { Core } from '../../platform/core.ts'
import type { ChannelName } from '../channels/channels.ts'
import type { MessageType, MessageTypes } from '../message-types/catalog.ts'
import type { Choice } from '../message-types/decide/decision.ts'
import type { Digest } from '../message-types/plan.ts'
import { type ChosenRow, chosenBy, chosenFor, corpsWithChoices } from './choices-store.ts'

/**
 * In which corps somebody chose something, so that the others cost no query. A corp stays until the process ends, even when all its choices
 * are gone again: a reading that began before a choice must not take back what the signal of that choice said.
 */
export type MessageChoices = {
  reload(corpId?: string): Promise<void>
  hasAny(corpId: string): boolean
  /** After the commit of a choice, on the node that made it. */
  noteChoice(corpId: string): void
}

export async function createMessageChoices(ctx: Pick<Core, 'bus' | 'db'>): Promise<MessageChoices> {
  const corps = new Set<string>()
  const reload = async (corpId?: string) => {
    if (corpId !== undefined && corps.has(corpId)) return
    for (const one of await corpsWithChoices(ctx.db, corpId)) corps.add(one)
  }
  await ctx.bus.listen(
    'wisp_choice',
    corpId => void corps.add(corpId),
    // After a gap the configuration is read again, and this with it.
    () => undefined,
  )
  return { reload, hasAny: corpId => corps.has(corpId), noteChoice: corpId => void corps.add(corpId) }
}

type Needs = Pick<Core, 'db'> & { messageChoices: MessageChoices; messageTypes: MessageTypes }

const askedAtOnce = 1000
/** Fewer choices about a type than this are read for a message to many, whoever gets it. */
const chosenAtMost = 20_000

/**
 * What these members chose for a type; those who chose nothing are absent, and so is everybody for an urgent type, of which nothing can be
 * chosen. One indexed query for all of them, or per 1000 members where very many chose; none where nobody of the corp chose anything.
 */
export async function choicesOf(
  ctx: Needs,
  corpId: string,
  typeKey: string,
  memberIds: readonly number[],
): Promise<Map<number, Choice>> {
  const found = new Map<number, Choice>()
  const type = ctx.messageTypes.find(corpId, typeKey)
  if (!ctx.messageChoices.hasAny(corpId) || type?.definition.level === 'urgent') return found
  const chosen = memberIds.length > askedAtOnce ? await chosenFor(ctx.db, corpId, typeKey, chosenAtMost) : []
  if (memberIds.length > askedAtOnce && chosen.length < chosenAtMost) {
    const asked = new Set(memberIds)
    for (const row of chosen) if (asked.has(row.memberId)) found.set(row.memberId, choiceOf(row, type))
    return found
  }
  for (let at = 0; at < memberIds.length; at += askedAtOnce) {
    const rows = await chosenBy(ctx.db, corpId, typeKey, memberIds.slice(at, at + askedAtOnce))
    for (const row of rows) found.set(row.memberId, choiceOf(row, type))
  }
  return found
}

function choiceOf(row: ChosenRow, type: MessageType | undefined): Choice {
  const { isOff, isAllOff, channels, without, digest, quietHours } = row
  return {
    isOff: isOff === true,
    isAllOff: isAllOff && isOff !== false,
    channels: channels ? orderedWays(channels, type) : undefined,
    without: withoutWays(without, type),
    digest: digestOf(digest),
    quietHours: quietHours ?? undefined,
  }
}

/** The person's order; channels that the type got later come last, and those that it has no more are left out. */
export function orderedWays(chosen: readonly ChannelName[], type: MessageType | undefined): ChannelName[] {
  if (!type) return [...chosen]
  const { channels } = type.definition
  return [
    ...chosen.filter(name => channels.includes(name)),
    ...channels.filter(name => !chosen.includes(name)),
  ]
}

/** What must arrive keeps a way, although the person left none while it could be switched off. */
function withoutWays(without: readonly ChannelName[], type: MessageType | undefined): readonly ChannelName[] {
  const leavesNone = type?.definition.channels.every(name => without.includes(name)) ?? false
  return leavesNone && type?.definition.level === 'must' ? [] : without
}

function digestOf(chosen: string | null): Choice['digest'] {
  if (chosen === null || chosen === 'off') return chosen ?? undefined
  return { at: chosen } satisfies Digest
}
