import type { Core } from '../core.ts'
import { type Corps, publicUrlOf } from '../corps/corps.ts'
import { isListed } from '../directory/mirror/members.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { ApiError } from '../http/errors.ts'
import { findByRequest } from '../messages/accept/accept-store.ts'
import { operator, operatorId } from '../messages/accept/operator.ts'
import { submissionOf } from '../messages/accept/submission.ts'
import { submit } from '../messages/accept/submit.ts'
import type { Setups } from '../messages/channels/channel.ts'
import { type ChannelName, channelList } from '../messages/channels/channels.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import { isReady } from '../messages/settings/settings.ts'
import { describeError } from '../operation/log.ts'
import { mayAct, roleLevel } from '../people/people.ts'
import { rolesOfCorp } from '../people/store.ts'
import type { Queue } from '../queue/queue.ts'
import { causes } from './causes.ts'
import * as store from './store.ts'

type Needs = Core & {
  corps: Corps
  dispatcher: Dispatcher
  messageSettings: Setups
  messages: Messages
  mirrors: Mirrors
  queue: Queue
}

const corpsAtOnce = 4
/** When nobody was reached it is tried again a day later, so that refused messages do not make more of them. */
const againMs = 86_400_000

export function triedBefore(ctx: Pick<Core, 'now'>): Date {
  return new Date(ctx.now() - againMs)
}

/** Tells administrators of new alerts; the queue gives each corp to one node at a time. */
export function handleAlerts(ctx: Needs): void {
  ctx.queue.handle({
    name: 'alerts',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      const untold = await store.alertsToTell(ctx.db, corpId, triedBefore(ctx))
      const people = untold.length === 0 ? [] : await superAdministrators(ctx, corpId)
      // Channels with a call of their own need a template, which nobody has registered for this.
      const channels = channelList.flatMap(([channel, { hasOwnCall }]) =>
        !hasOwnCall && isReady(ctx, corpId, channel) ? [channel] : [],
      )
      const isPossible = people.length > 0 && channels.length > 0
      for (const alert of untold) {
        if (signal.aborted) break
        const isTold = isPossible && (await tell(ctx, corpId, alert, people, channels))
        await store.noteTried(ctx.db, alert.id, isTold, new Date(ctx.now()))
      }
      return undefined
    },
  })
}

/** Their member ids; where there is none, the address book need not be read. */
async function superAdministrators(ctx: Needs, corpId: string): Promise<number[]> {
  return (await rolesOfCorp(ctx.db, corpId)).flatMap(({ memberId, level }) =>
    level === roleLevel.superAdministrator ? [memberId] : [],
  )
}

/**
 * Sends an alert through the first channel that reaches these people; whom it does not reach gets it through the next one.
 * Returns whether anybody was reached.
 */
async function tell(
  ctx: Needs,
  corpId: string,
  alert: store.AlertRow,
  people: number[],
  channels: ChannelName[],
): Promise<boolean> {
  return ctx.mirrors.during(corpId, async () => {
    const { members } = ctx.mirrors.of(corpId)
    const userIds = people.flatMap(id => {
      const member = members.byId(id)
      return member && isListed(member) && mayAct(member) ? [member.userId] : []
    })
    let left = userIds
    for (const channel of channels)
      if (left.length > 0) left = await tellThrough(ctx, channel, corpId, alert, left)
    return left.length < userIds.length
  })
}

/** Returns whom this channel did not reach. */
async function tellThrough(
  ctx: Needs,
  channel: ChannelName,
  corpId: string,
  alert: store.AlertRow,
  userIds: string[],
): Promise<string[]> {
  // The same for a node that repeats this because the first one died before it was noted.
  const requestId = `alert-${alert.id}-${channel}-${alert.triedAt?.getTime() ?? 0}`
  const earlier = await findByRequest(ctx.db, operatorId, requestId)
  if (earlier) return lostOf(userIds, await ctx.messages.outcome(earlier.id))
  try {
    const receivers = { toUser: userIds, toParty: [], toTag: [] }
    const given = { ...contentOf(ctx, corpId, alert), ...receivers, requestId }
    const { status, invaliduser } = await submit(
      ctx,
      operator(corpId),
      submissionOf(ctx, corpId, channel, given),
    )
    return lostOf(userIds, { status, failed: invaliduser.split('|') })
  } catch (error) {
    // The channel is refused (1008), which is a cause of its own, or the settings do not allow the message.
    if (!(error instanceof ApiError)) throw error
    ctx.log.warn({ corpId, alertId: alert.id, channel, ...describeError(error) }, 'alert not sent')
    return userIds
  }
}

function lostOf(userIds: string[], { status, failed }: { status: string; failed: string[] }): string[] {
  return status === 'failed' ? userIds : userIds.filter(userId => failed.includes(userId))
}

/** Inputs of all channels, each of which reads its own. A card shows as much of the text as fits, Chinese first. */
function contentOf(ctx: Needs, corpId: string, { cause, detail }: store.AlertRow) {
  const { title, what, fix, path } = causes[cause]!.tell(detail as never)
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: title.zh,
    content: `${what.zh}\n怎么改：${fix.zh}\n\n${title.en}. ${what.en}\nWhat to do: ${fix.en}`,
    url: publicUrlOf(ctx, ctx.corps.get(corpId)) + path,
    btntxt: '去处理',
  }
}
