import { operatorId } from '../../../../callers/developers/operator.ts'
import { isListed, type MemberCore } from '../../../../organisation/directory/mirror/members.ts'
import { leaderOf } from '../../../../organisation/directory/permissions/leader.ts'
import { profilesOf } from '../../../../organisation/directory/profile-store.ts'
import { visibleMember } from '../../../../organisation/directory/read/view.ts'
import { wordsIn } from '../../../../platform/words.ts'
import type { ChannelName } from '../../../channels/channels.ts'
import { wordsOf } from '../../../channels/telling.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'
import type { Draft } from '../../accept/outbox.ts'
import { lineOf, shownFor } from '../digest.ts'
import { noticeDraft } from '../notice-draft.ts'
import { type OpenCall, tried, type WaitingNeeds } from '../open-call.ts'
import { type DueStep, decideStep, ended, later, type Outcome, stepBases } from './step-outcome.ts'

/** For how long what is due for a leader waits for more: the leader of hundreds is sent one notice, and not hundreds. */
const collectedForMs = { normal: 10 * 60_000, must: 10 * 60_000, urgent: 60_000 }

/** Finds whom a leader is told of, and until when that waits for others. */
export async function collectForLeaders(
  ctx: WaitingNeeds,
  call: OpenCall,
  due: readonly DueStep[],
  outcome: Outcome,
): Promise<void> {
  const asked = due.filter(one => one.row.leaderId === null)
  const ids = asked.map(one => one.row.memberId)
  const leaders = await leadersOf(ctx, call, ids)
  const { expiresAt } = call.message
  const level = call.type?.definition.level ?? 'normal'
  const until = { withinMs: collectedForMs[level], before: expiresAt?.getTime() ?? Infinity }
  for (const { row } of asked) {
    const leader = leaders.get(row.memberId)
    if (leader) outcome.collected.push({ row, leaderId: leader.id, ...until })
    else outcome.done.push(ended(row, { code: 'noLeader' }))
  }
  for (const one of due) if (one.row.leaderId !== null) outcome.toTell.push({ call, due: one })
}

/** The leaders of these persons, by `member.id`; those who have none, or lead themselves, are left out. */
async function leadersOf(
  ctx: WaitingNeeds,
  { message, view }: OpenCall,
  memberIds: readonly number[],
): Promise<Map<number, MemberCore>> {
  const profiles = await profilesOf(ctx.db, message.corpId, [...memberIds])
  return new Map(
    memberIds.flatMap(id => {
      const profile = profiles.get(id)
      const leader = profile && leaderOf(view.mirror, profile)
      return leader && leader.id !== id ? [[id, leader] as const] : []
    }),
  )
}

type ToTell = Outcome['toTell'][number]

/** Writes the notices of leaders to whom something is due now, one for each leader and type. */
export async function tellLeaders(ctx: WaitingNeeds, outcome: Outcome): Promise<void> {
  const keyOf = ({ due: { row } }: ToTell) => `${row.leaderId} ${row.typeKey}`
  for (const own of Map.groupBy(outcome.toTell, keyOf).values()) await tellLeader(ctx, own, outcome)
}

async function tellLeader(ctx: WaitingNeeds, own: readonly ToTell[], outcome: Outcome): Promise<void> {
  const rows = own.map(one => one.due.row)
  const { call } = own.at(-1)!
  const leader = call.view.mirror.members.byId(rows[0]!.leaderId!)
  // Whoever leads these persons now is told.
  if (!leader || !isListed(leader))
    return void outcome.postponed.push(
      ...rows.map(row => ({ row: { ...row, leaderId: null }, until: ctx.now() })),
    )
  const basis = (await stepBases(ctx, call, [leader.id])).get(leader.id)
  const decision = basis && decideStep(basis, 'leader')
  if (decision && 'until' in decision) {
    const { until, cause } = decision
    return void outcome.postponed.push(...rows.map(row => ({ row, until, cause })))
  }
  const channels = decision?.do === 'send' ? decision.channels : []
  const made = await tried(ctx, call.message, async () => ({
    draft: await leaderDraft(ctx, own, { leader, channels }),
  }))
  if ('isPaused' in made) return later(ctx, outcome, rows)
  if (!('draft' in made) || !made.draft)
    return void outcome.done.push(...rows.map(row => ended(row, { code: 'noLeader' })))
  const { draft } = made
  outcome.notices.push(draft)
  for (const { call: of, due } of own) {
    const why = wordsOf(due.cause)
    // Its developer reads why, and may not see the leader.
    const name = visibleMember(of.view, leader)?.name ?? ''
    const cause = { code: 'toLeader', name, zh: wordsIn('zh', why), en: wordsIn('en', why) }
    outcome.done.push({ row: due.row, what: 'send', channel: draft.message.channel, cause })
  }
}

const lacking = { sent: '没有送达', read: '没有查看', acknowledged: '没有点「收到」' } as const
const linesAtMost = 20

/**
 * What a leader is told: who and which type, and what it says only where the type has it so. It is wisp's own message, of which the sender
 * hears nothing. Undefined where no channel reaches the leader.
 */
async function leaderDraft(
  ctx: WaitingNeeds,
  own: readonly ToTell[],
  { leader, channels }: { leader: MemberCore; channels: readonly ChannelName[] },
): Promise<Draft | undefined> {
  const { call } = own.at(-1)!
  const { type, view } = call
  if (!type) return undefined
  const { title, content } = own.length === 1 ? await aboutOne(ctx, own[0]!) : await aboutAll(ctx, own)
  const draft = await noticeDraft(ctx, view, type, { channels, core: leader, title, content })
  if (!draft || draft.batches.length === 0) return undefined
  return { ...draft, message: { ...draft.message, devId: operatorId } }
}

type NoticeText = { title: string; content: string }

async function aboutOne(ctx: WaitingNeeds, { call, due: { step, core } }: ToTell): Promise<NoticeText> {
  const name = call.type?.definition.name ?? ''
  const shown = step.leaderSees ? await shownFor(ctx, call, core) : undefined
  const about = `发给 ${core.name} 的「${name}」消息至今${lacking[step.unless]}。`
  return {
    title: `${core.name} ${lacking[step.unless]}：${name}`,
    content: [about, ...(shown ? [shown.title, shown.text] : [])].filter(Boolean).join('\n'),
  }
}

async function aboutAll(ctx: WaitingNeeds, own: readonly ToTell[]): Promise<NoticeText> {
  const name = own[0]!.call.type?.definition.name ?? ''
  const lines = await Promise.all(own.slice(0, linesAtMost).map(one => lineAbout(ctx, one)))
  const more = own.length - lines.length
  const persons = new Set(own.map(one => one.due.core.id)).size
  const unless = new Set(own.map(one => one.due.step.unless))
  const what = unless.size === 1 ? lacking[[...unless][0] as FallbackStep['unless']] : '没有回应'
  return {
    title: `${persons} 人${what}：${name}`,
    content: [
      `发给以下人员的「${name}」消息至今${what}：`,
      ...lines,
      ...(more > 0 ? [`……还有 ${more} 条`] : []),
    ].join('\n'),
  }
}

async function lineAbout(ctx: WaitingNeeds, { call, due: { step, core } }: ToTell): Promise<string> {
  const shown = step.leaderSees ? await shownFor(ctx, call, core) : undefined
  const said = shown ? lineOf(shown) : ''
  return said === '' ? `· ${core.name}` : `· ${core.name}：${said}`
}
