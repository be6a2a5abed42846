import type { Developers } from '../../../callers/developers/developers.ts'
import { senderOf } from '../../../callers/developers/operator.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { scopeSight } from '../../../organisation/directory/permissions/data-scope.ts'
import { seesMember } from '../../../organisation/directory/permissions/sight.ts'
import type { Core } from '../../../platform/core.ts'
import type { Channel } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { type Contact, contactsAfter, contactsOf } from '../../channels/contacts-store.ts'
import type { MessageRow } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { tellResults } from '../fate/results-store.ts'
import { batched, partSizeOf, partsOf, unreachableAmong } from '../parts/parts.ts'
import { insertParts, lastPartNumber, type MessageWithAudience, putResults } from '../parts/store.ts'
import { lookNow } from '../plans/fallback-store.ts'
import { claimExpanding, setExpanded, sharedMobilesOf, sharersOf, takenOf } from './expand-store.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors }

const membersAtOnce = 1000

/**
 * Expands a large send, which was accepted without listing its receivers: writes some of them down, together with the
 * progress made, in one transaction. Memory use stays flat, and after a crash the work continues where it stopped. Developers
 * take turns: `after` is whose it was last. Returns whose it is now; undefined when there is nothing to expand.
 */
export async function expandNext(
  ctx: Needs,
  corpId: string,
  name: string,
  after: string,
): Promise<string | undefined> {
  const expanded = await tryToExpand(ctx, corpId, name, after)
  if (expanded !== 'needs address book') return expanded?.devId
  // This is outside the transaction, so that others do not wait for its connection.
  await ctx.mirrors.load(corpId)
  return after
}

async function tryToExpand(
  ctx: Needs,
  corpId: string,
  name: string,
  after: string,
): Promise<MessageRow | undefined | 'needs address book'> {
  return ctx.db.transaction().execute(async tx => {
    const message = await claimExpanding(tx, corpId, name, { after, count: membersAtOnce })
    if (!message) return undefined
    const isMeant = reachOf(ctx, message)
    if (!isMeant) return 'needs address book'
    const { members: page, last } = await nextMembers(tx, message, isMeant)
    const channel = channelOf(message.channel)
    const members = await withSharers(tx, message, channel, page, isMeant)
    const content = openContent(ctx, message)
    const lost = await unreachableAmong(tx, corpId, channel, content, members)
    const { batches, results } = batched(channel, message.id, members, lost, partSizeOf(channel, content))
    const firstN = (await lastPartNumber(tx, message)) + 1
    const parts = partsOf(ctx, { message, content }, batches, firstN, new Date(ctx.now()))
    await insertParts(tx, parts)
    await putResults(
      tx,
      results.map(one => ({ ...one, corpId })),
      new Date(ctx.now()),
    )
    await setExpanded(tx, message, last, members.length)
    if (last === null && parts.length === 0) await tellEnd(ctx, tx, message)
    if (message.parentId !== null && message.typeKey !== null) {
      const ends = [...lost.keys()].map(memberId => ({ corpId, messageId: message.id, memberId }))
      await lookNow(tx, ends, new Date(ctx.now()))
    }
    return message
  })
}

/** Its parts may all have ended before it was known that no more follow. */
async function tellEnd(ctx: Needs, tx: Core['db'], message: MessageRow): Promise<void> {
  const { corpId, id, parentId } = message
  if (parentId === null || !ctx.developers.listen(corpId)) return
  await tellResults(tx, [{ corpId, id }], new Date(ctx.now()))
}

async function nextMembers(
  tx: Core['db'],
  message: MessageWithAudience,
  isMeant: (member: Contact) => boolean,
): Promise<{ members: Contact[]; last: number | null }> {
  const { audience, corpId } = message
  const after = message.expandedTo ?? 0
  if (!audience) return { members: [], last: null }
  if ('memberIds' in audience) {
    const { memberIds } = audience
    return {
      members: await contactsOf(tx, corpId, memberIds),
      last: memberIds.length < membersAtOnce ? null : after + memberIds.length,
    }
  }
  const rows = await contactsAfter(tx, corpId, after, membersAtOnce)
  const last = rows.length < membersAtOnce ? null : (rows.at(-1)?.id ?? null)
  return { members: rows.filter(isMeant), last }
}

/** Those who share a number are written down together, with the first of them: who was taken along before is not taken again. */
async function withSharers(
  tx: Core['db'],
  message: MessageWithAudience,
  { addressOf }: Channel,
  page: readonly Contact[],
  isMeant: (member: Contact) => boolean,
): Promise<Contact[]> {
  if (!addressOf) return [...page]
  const mobiles = await sharedMobilesOf(tx, message.corpId, page)
  if (mobiles.size === 0) return [...page]
  const others = await sharersOf(tx, message, mobiles, page)
  // Who has no address is no receiver of a part, by which they would be known again.
  const sharers = others.filter(one => isMeant(one) && addressOf(one) !== undefined)
  if (sharers.length === 0) return [...page]
  const shared = new Set(sharers.map(one => one.mobile))
  const own = page.filter(one => shared.has(one.mobile))
  const taken = await takenOf(
    tx,
    message,
    [...own, ...sharers].map(one => one.id),
  )
  return [...page, ...sharers].filter(one => !taken.has(one.id))
}

/**
 * `@all` means everybody whom the developer may reach at this moment. Undefined when the address book is needed to
 * decide but is not in memory.
 */
function reachOf(ctx: Needs, message: MessageRow): ((member: Contact) => boolean) | undefined {
  const developer = senderOf(ctx, message)
  if (!developer) return () => false
  if (!developer.dataScope) return isListed
  const mirror = ctx.mirrors.find(message.corpId)
  if (!mirror) return undefined
  const sight = scopeSight(mirror, developer)
  return ({ id }) => {
    const core = mirror.members.byId(id)
    return core !== undefined && isListed(core) && seesMember(sight, mirror.tree, core)
  }
}
