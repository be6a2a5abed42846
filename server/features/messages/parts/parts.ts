import { isExternal } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import { enqueueEach } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Channel } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Contact } from '../../channels/contacts-store.ts'
import type { MessageRow, NewPart } from '../../channels/part.ts'
import type { Reason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import type { Result } from './store.ts'

/** How long after a node's last sign of life its calls are given up, since nobody knows what became of them. */
export const leaseMs = 60_000

/** The receivers of one call to upstream. `shared` as a part has it. */
export type Batch = { userIds: string[]; memberIds: number[]; shared?: string[] }

/** Which of these members cannot be reached and why, in either way in which a channel may know it. */
export async function unreachableAmong(
  db: Core['db'],
  corpId: string,
  channel: Channel,
  content: object,
  members: readonly Contact[],
): Promise<ReadonlyMap<number, Reason>> {
  if (channel.unreachableOf)
    return channel.unreachableOf(
      db,
      corpId,
      content,
      members.map(member => member.id),
    )
  return new Map(
    members.flatMap(member => {
      // Nobody from outside WeCom is named to it: a userid of theirs might be a member's there tomorrow.
      const reason =
        channel.unreachable?.(member) ?? (isExternal(member) ? channel.obstacle?.(member)?.reason : undefined)
      return reason ? [[member.id, reason] as const] : []
    }),
  )
}

/** How many receivers one call of this content takes. */
export function partSizeOf(channel: Channel, content: object): number {
  return channel.isPerPerson?.(content) ? 1 : channel.partSize
}

/** Divides these members into calls to upstream, and lists those who cannot be reached at all. */
export function batched(
  channel: Channel,
  messageId: string,
  members: readonly Contact[],
  lost: ReadonlyMap<number, Reason>,
  partSize: number,
): { batches: Batch[]; results: Result[] } {
  const results: Result[] = []
  const kinds = new Map<string, Contact[]>()
  for (const member of members) {
    const reason = lost.get(member.id)
    if (reason) {
      const { userId } = member
      results.push({ messageId, userId, partId: null, state: 'failed', reason: keptReason(reason) })
    } else kinds.getOrInsertComputed(channel.kindOf?.(member) ?? '', () => []).push(member)
  }
  const batches: Batch[] = []
  for (const alike of kinds.values()) {
    const addresses = channel.addressOf
      ? [...Map.groupBy(alike, one => channel.addressOf?.(one) ?? one.userId).values()]
      : alike.map(one => [one])
    for (let at = 0; at < addresses.length; at += partSize)
      batches.push(batchOf(addresses.slice(at, at + partSize)))
  }
  return { batches, results }
}

/** Those with one address stand together. */
function batchOf(addresses: readonly (readonly Contact[])[]): Batch {
  const members = addresses.flat()
  const shared = addresses.flatMap(([, ...others]) => others.map(one => one.userId))
  return {
    userIds: members.map(one => one.userId),
    memberIds: members.map(one => one.id),
    ...(shared.length > 0 ? { shared } : {}),
  }
}

/** Creates the parts for these receivers; a split text is sent piece by piece to the same receivers. */
export function partsOf(
  ctx: Core,
  { message, content }: { message: MessageRow; content: object },
  batches: Batch[],
  firstN: number,
  at: Date,
): NewPart[] {
  const channel = channelOf(message.channel)
  const count = channel.pieces?.(content) ?? 1
  const hashes = Array.from({ length: count }, (_, chunk) =>
    payloadHash(ctx, channel.payload?.(content, chunk, message.agentId, message.id)),
  )
  return batches.flatMap((batch, index) =>
    hashes.map((hash, chunk): NewPart => {
      const n = firstN + index * count + chunk
      return {
        messageId: message.id,
        corpId: message.corpId,
        channel: message.channel,
        n,
        chunk,
        afterN: chunk === 0 ? null : n - 1,
        isFollowed: chunk < count - 1,
        userIds: batch.userIds,
        memberIds: batch.memberIds,
        shared: batch.shared ?? null,
        state: 'waiting',
        attempts: 0,
        nextAttemptAt: at,
        isChecked: false,
        payloadHash: hash,
        heldUntil: null,
        hold: null,
        unsureSince: null,
        ways: null,
      }
    }),
  )
}

/** The hash is keyed because a short text, such as a code, could be guessed from a plain hash. */
function payloadHash(ctx: Core, payload: object | undefined): string | null {
  return payload ? ctx.seal.sign('message.payload', JSON.stringify(payload)) : null
}

export type DueTask = { corpId: string; channel: string; at: Date }

/** Enqueues parts; must run in the transaction that wrote them. */
export async function enqueueParts(tx: Db, due: readonly DueTask[]): Promise<void> {
  const tasks = due.map(({ corpId, channel, at }) => ({
    corpId,
    stream: 'messages' as const,
    key: channel,
    dueAt: at,
  }))
  await enqueueEach(tx, tasks)
}
