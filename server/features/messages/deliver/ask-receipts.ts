import type { Core } from '../../../platform/core.ts'
import type { Channel, Dispatch, Receipt } from '../../channels/channel.ts'
import { contactsOf } from '../../channels/contacts-store.ts'
import { noteAsked, sendsWithoutReceipt, storePull } from './receipts-store.ts'

/** A vendor that is asked; `way` is which of the channel's, where it has several. */
export type AskedSource = { way?: string; ask(sent: Dispatch): Promise<Receipt | undefined> }

const minuteMs = 60_000
/** How long after a send the vendor is asked: most phones get an SMS within seconds, one that is off within days or never. */
const askAfterMs = [0.5, 2, 10, 60, 360, 1440].map(minutes => minutes * minuteMs)
export const notOlderThanMs = 3 * 1440 * minuteMs
const sendsAtMost = 1000
/** The rest waits for the next minute. */
const addressesAtMost = 2000
const asksAtOnce = 8

/**
 * Asks the vendors that keep no queue of receipts about sends whose receivers have none, and stores what it says. A failure ends the
 * round; its sends are asked about again at their next time. Throws the failure.
 */
export async function askReceipts(
  ctx: Core,
  sources: readonly AskedSource[],
  { addressOf }: NonNullable<Channel['receipts']>,
  corpId: string,
  channel: string,
): Promise<void> {
  const now = ctx.now()
  const open = await sendsWithoutReceipt(ctx.db, corpId, channel, {
    notBefore: new Date(now - notOlderThanMs),
    until: askAfterMs.map(ms => new Date(now - ms)),
    limit: sendsAtMost,
  })
  let addresses = 0
  const round = open.filter(({ memberIds }) => {
    const isIn = addresses < addressesAtMost
    addresses += memberIds.length
    return isIn
  })
  const members = await contactsOf(
    ctx.db,
    corpId,
    round.flatMap(one => one.memberIds),
  )
  const addressById = new Map(members.map(member => [member.id, addressOf(member)]))
  const questions = round.flatMap(({ context, sentAt, memberIds, way }) =>
    [...new Set(memberIds.map(id => addressById.get(id)))].flatMap(address =>
      address ? [{ context, sentAt, address, way: way ?? undefined }] : [],
    ),
  )
  const { receipts, failure } = await answersTo(questions, sources)
  if (receipts.length > 0) await storePull(ctx.db, corpId, channel, receipts, new Date(now))
  await noteAsked(
    ctx.db,
    corpId,
    round.map(one => one.partId),
  )
  if (failure) throw failure
}

async function answersTo(
  questions: Dispatch[],
  sources: readonly AskedSource[],
): Promise<{ receipts: Receipt[]; failure: unknown }> {
  const receipts: Receipt[] = []
  let failure: unknown
  const left = questions.values()
  async function askOn() {
    for (const question of left) {
      if (failure) return
      try {
        // What went before ways were written down went by the first.
        const source =
          question.way === undefined ? sources[0] : sources.find(({ way }) => way === question.way)
        const receipt = await source?.ask(question)
        if (receipt) receipts.push(receipt)
      } catch (error) {
        failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: asksAtOnce }, askOn))
  return { receipts, failure }
}
