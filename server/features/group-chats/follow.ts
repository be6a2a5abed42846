import { isOn } from '../../organisation/corps/features/check-on.ts'
import { feedRange, readChanges } from '../../organisation/directory/feed-store.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import { viewOf } from '../../organisation/directory/read/view.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { ActiveTask } from '../../platform/queue/queue.ts'
import { enqueue, enqueueEach, holdLease } from '../../platform/queue/queue-store.ts'
import { spreadOver } from '../../platform/queue/spread.ts'
import type { Reason } from '../channels/reason.ts'
import { keptReason } from '../channels/telling.ts'
import { chatsFeature } from '../channels/wecom/chat/chat.ts'
import { agentOf } from '../channels/wecom/chat/deliver.ts'
import { outcomeOf } from '../channels/wecom/outcome.ts'
import { ChangesLater, matchMembers } from './ask.ts'
import type { ChatNeeds } from './chats.ts'
import { settleCreation } from './creation.ts'
import { followedMembers, hashOf } from './members.ts'
import { chatSize } from './steps.ts'
import * as store from './store.ts'
import { chatsTouched, touchedBy } from './touched.ts'

const tasksAtOnce = 4
const changesAtOnce = 1000
/** Changes that come together, as of a sync, are one change of a chat. */
const togetherMs = 3000
/** After a refusal it is tried again, because what WeCom refused may have been mended there. */
const refusedMs = 3_600_000

/** Lets chats follow the address book, and settles creations whose answer was lost; the queue gives each task to one node at a time. */
export function handleChats(ctx: ChatNeeds): void {
  ctx.queue.handle({
    name: 'group-chats',
    atOnce: tasksAtOnce,
    isBackground: true,
    async work(held) {
      if (!ctx.corps.find(held.corpId)) return undefined
      return ctx.mirrors.during(held.corpId, () =>
        held.key === '' ? lookAtChanges(ctx, held) : workOn(ctx, held),
      )
    },
  })
}

/** Once a night chats are compared with WeCom, where people may have been added or removed by hand. */
export function scheduleChats(ctx: ChatNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('group-chats', '30 3 * * *', async () => {
    const chats = await store.forgetMatches(ctx.db)
    const corpOf = new Map(chats.map(({ corpId, id }) => [`${corpId} ${id}`, { corpId, id }]))
    const due = spreadOver([...corpOf.keys()], ctx.now(), { eachMs: 4000, atMostMs: 3 * 3_600_000 })
    const tasks = due.flatMap(({ name, dueAt }) => {
      const one = corpOf.get(name)
      return one ? [{ corpId: one.corpId, stream: 'group-chats' as const, key: one.id, dueAt }] : []
    })
    if (tasks.length > 0) await enqueueEach(ctx.db, tasks)
  })
}

/** Enqueues the chats that changes of the address book concern, with how far was looked. */
async function lookAtChanges(ctx: ChatNeeds, { corpId, lease, signal }: ActiveTask): Promise<undefined> {
  const tagsOf = (devId: string) => ctx.developers.get(devId)?.dataScope?.tags ?? []
  for (let isMore = true; isMore && !signal.aborted; ) {
    const since = await store.seenUpTo(ctx.db, corpId)
    const { first, seq: last } = await feedRange(ctx.db, corpId)
    const isLost = since === undefined || since < first - 1
    const changes = isLost ? [] : await readChanges(ctx.db, corpId, since, changesAtOnce)
    isMore = changes.length === changesAtOnce
    // Numbers beyond the last change are those of events that are no change.
    const seq = isMore ? (changes.at(-1)?.seq ?? last) : isLost ? last : (changes.at(-1)?.seq ?? since)
    const mirror = await mirrorAt(ctx, corpId, seq)
    const chats = await store.followedChats(ctx.db, corpId)
    const touched = isLost ? chats : chatsTouched(mirror, touchedBy(mirror, changes), chats, tagsOf)
    await ctx.db.transaction().execute(async tx => {
      await store.putSeen(tx, corpId, seq)
      const tasks = touched.map(({ id }) => ({ corpId, stream: 'group-chats' as const, key: id }))
      if (tasks.length > 0) await enqueue(tx, tasks, new Date(ctx.now() + togetherMs))
      await holdLease(tx, lease)
    })
  }
  return undefined
}

/** The address book in memory, at least as it was at this number: another node may have seen the change that this one is to follow. */
async function mirrorAt(ctx: ChatNeeds, corpId: string, seq: number): Promise<Mirror> {
  if (seq > ctx.mirrors.of(corpId).seq) await ctx.mirrors.refresh(corpId)
  return ctx.mirrors.of(corpId)
}

async function workOn(ctx: ChatNeeds, { corpId, key: id }: ActiveTask): Promise<Date | undefined> {
  const chat = await store.findChat(ctx.db, { corpId, id })
  if (chat?.state === 'creating') return settleCreation(ctx, chat)
  if (chat?.state !== 'ready' || !chat.follow || !isOn(ctx, corpId, chatsFeature)) return undefined
  return follow(ctx, chat, chat.follow)
}

async function follow(
  ctx: ChatNeeds,
  chat: store.ChatRow,
  receivers: NonNullable<store.ChatRow['follow']>,
): Promise<Date | undefined> {
  const developer = ctx.developers.get(chat.devId)
  const agent = agentOf(ctx.corps.get(chat.corpId), chat)
  if (!developer?.enabled || !developer.scopes.has('chat:write')) return undefined
  if (!agent) return tell(ctx, chat, { code: 'wecomAgentGone', agentId: chat.agentId })
  await mirrorAt(ctx, chat.corpId, (await store.seenUpTo(ctx.db, chat.corpId)) ?? 0)
  const target = await followedMembers(ctx, viewOf(ctx, developer), receivers)
  const { length: count } = target
  if (count < chatSize.atLeast) return tell(ctx, chat, { code: 'chatFew', count })
  if (count > chatSize.atMost) return tell(ctx, chat, { code: 'chatMany', count })
  const matched = hashOf(target, chat.owner)
  if (matched === chat.matched && chat.problem === null) return undefined
  try {
    const info = await agent.messenger.chats.get(chat.id)
    if (!info) return await tell(ctx, chat, { code: 'chatMissing' })
    await matchMembers(ctx, agent, chat, info, target)
  } catch (error) {
    return refusedOrLater(ctx, chat, error)
  }
  const followedAt = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.updateChat(tx, chat, { members: count, followedAt, matched, problem: null })
    if (chat.problem !== null) await checkAlerts(ctx, tx, chat.corpId)
  })
  return undefined
}

async function refusedOrLater(
  ctx: ChatNeeds,
  chat: store.ChatRow,
  error: unknown,
): Promise<Date | undefined> {
  if (error instanceof ChangesLater) return new Date(error.at)
  const outcome = outcomeOf(error)
  if (outcome.kind === 'refused') {
    await tell(ctx, chat, outcome.reason)
    return new Date(ctx.now() + refusedMs)
  }
  if (outcome.kind === 'again' && outcome.afterMs) return new Date(ctx.now() + outcome.afterMs)
  // A change may be made again, whatever became of it; the queue waits longer each time.
  throw error
}

/** Its members stay as they are, and administrators are told why. */
async function tell(ctx: ChatNeeds, chat: store.ChatRow, reason: Reason): Promise<undefined> {
  const problem = keptReason(reason)
  if (problem === chat.problem) return undefined
  await ctx.db.transaction().execute(async tx => {
    await store.updateChat(tx, chat, { problem, matched: null })
    await checkAlerts(ctx, tx, chat.corpId)
  })
  return undefined
}
