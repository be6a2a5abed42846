import { operator } from '../../../callers/developers/operator.ts'
import { resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { viewWithExternal } from '../../../organisation/directory/read/view.ts'
import { record } from '../../../platform/audit/audit.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, type Words, wordsIn } from '../../../platform/words.ts'
import type { Brands } from '../../branding/brands.ts'
import type { Outcome, Setup, Setups } from '../../channels/channel.ts'
import { type AnyChannelName, channelOf } from '../../channels/channels.ts'
import { contactsOf } from '../../channels/contacts-store.ts'
import type { Reason } from '../../channels/reason.ts'
import { isRefusedSince } from '../../channels/refusal-store.ts'
import { noteWorking } from '../../channels/refusals.ts'
import {
  type MessageSettingsOfCorps,
  markOf,
  placed,
  type Settings,
  secretsIn,
  settingsToBe,
  settingsVersions,
  setupWith,
} from '../../channels/settings/settings.ts'
import { adviceOf, Refusal, storedReason, wordsOf } from '../../channels/telling.ts'
import type { Accounts } from '../../official/accounts/accounts.ts'
import type { SendAnswer, Submission } from '../accept/sending.ts'
import { submissionOf } from '../accept/submission.ts'
import { type SubmitNeeds, submit, withdraw } from '../accept/submit.ts'
import { attemptsOf, lostOf } from '../fate/fate-store.ts'
import { findOfCorp } from '../fate/status.ts'
import { unreachableAmong } from '../parts/parts.ts'

/** What testing takes besides, as it calls channels itself. */
export type TrialNeeds = SubmitNeeds & {
  accounts: Accounts
  brands: Brands
  messageSettings: MessageSettingsOfCorps
  outbound: Outbound
}

/** A test message, to a member or to an address. `given` are inputs of the channel, such as an SMS template. */
export type Trial = {
  channel: AnyChannelName
  userId?: string | undefined
  address?: string | undefined
  /** The id of a place, by a channel that reaches places. */
  placeId?: string | undefined
  agentId?: string | undefined
  given: Record<string, unknown>
  /** Settings to try before they are saved; without them those that are stored. `nameOf`: how errors name them. */
  settings?: Settings | undefined
  nameOf?: (field: string) => string
  /** Which of several settings in order they are, from 1. */
  place?: number | undefined
  /** For a caller that leaves the sending to the nodes: resolves when one of them has tried. */
  tried?: (msgId: string) => Promise<void>
}

/** What upstream said; `label` says to which attempt, or about whom. */
type Answer = { label: string; reason: Reason }

/** `msgId` is '' for a test to an address or of settings to be, and for one that was refused because of the settings. */
export type TrialResult = { status: SendAnswer['status']; msgId: string; answers: Answer[] }

/** How long a test takes whose failure is not told: as long as a mail server may take to greet (email/pool.ts). */
const untoldMs = 20_000
const untold = new Set(['emailUnreachable', 'smsUnreachable'])
const isUntold = (reason: Reason) => typeof reason === 'object' && 'code' in reason && untold.has(reason.code)

const answersAtMost = 100
const answerAtMost = 500
const sender = '消息中心'

export function answerIn(language: Language, { label, reason }: Answer): string {
  return `${label} ${wordsIn(language, wordsOf(reason))}`.trimStart()
}

/** What to do about the answers to a test; undefined when it was sent. */
export function trialAdvice(channel: string, { status, answers }: TrialResult): Words | undefined {
  if (status === 'sent') return undefined
  return answers.map(one => adviceOf(channel, one.reason)).find(one => one !== undefined)
}

/**
 * Sends a real test message and returns what upstream said, which is written to the audit log too. A refusal because
 * of the settings is an answer; only wrong input throws (1000, 1001, 1007).
 */
export async function sendTrial(
  ctx: TrialNeeds,
  actor: string,
  corpId: string,
  trial: Trial,
): Promise<TrialResult> {
  const { channel, nameOf, place = 1 } = trial
  const settings = trial.settings && settingsToBe(ctx, corpId, channel, trial.settings, nameOf, place)
  const startedAt = performance.now()
  const found = await trying(ctx, corpId, trial, settings).catch((error: unknown): TrialResult => {
    if (error instanceof Refusal) return failed('', error.reason)
    if (error instanceof ApiError && error.code === '1008') return failed('', error.detail)
    throw error
  })
  const stored = placed(ctx.messageSettings.setupOf<Settings>(corpId, channel))
  const secrets = secretsIn(channelOf(channel), [...stored, ...(settings ? [settings] : [])])
  const tried = withoutSecrets(await untoldLater(ctx, found, startedAt), secrets)
  if (tried.status === 'sent' && trial.address && !settings) await noteWorking(ctx.db, corpId, trial.channel)
  const answer = tried.answers.map(one => answerIn('zh', one)).join('；')
  const version = settings
    ? markOf(ctx, corpId, channel, settings)
    : ((await settingsVersions(ctx.db, corpId)).get(channel) ?? '')
  const detail = { ok: tried.status === 'sent', answer: answer.slice(0, answerAtMost), version }
  await record(ctx.db, ctx, { corpId, actor, act: 'message.test', target: channel, detail })
  return tried
}

/** Whether a message may have been sent would tell a port that is silent from one that is closed; so would the time. */
async function untoldLater(ctx: TrialNeeds, tried: TrialResult, startedAt: number): Promise<TrialResult> {
  if (!tried.answers.some(one => isUntold(one.reason))) return tried
  await ctx.outbound.untilOver(startedAt, { timeoutMs: untoldMs, signal: ctx.stopping })
  return { ...tried, status: 'unknown', answers: tried.answers.map(({ reason }) => ({ label: '', reason })) }
}

const secretAtLeast = 4
const mask = '••••'

/** A vendor may say what it was sent, and so a key. */
function withoutSecrets(tried: TrialResult, secrets: readonly string[]): TrialResult {
  const hidden = secrets.filter(one => one.length >= secretAtLeast)
  const shown = (text: string) => hidden.reduce((said, secret) => said.replaceAll(secret, mask), text)
  const answers = tried.answers.map(({ label, reason }) => {
    if (typeof reason === 'string') return { label, reason: shown(reason) }
    const parts = Object.entries(reason).map(([name, one]) => [
      name,
      typeof one === 'string' ? shown(one) : one,
    ])
    return { label, reason: Object.fromEntries(parts) as Reason }
  })
  return { ...tried, answers }
}

function failed(label: string, reason: Reason): TrialResult {
  return { status: 'failed', msgId: '', answers: [{ label, reason }] }
}

async function trying(
  ctx: TrialNeeds,
  corpId: string,
  { channel: name, userId, address, placeId, agentId, given, tried, place = 1 }: Trial,
  settings: Settings | undefined,
): Promise<TrialResult> {
  const channel = channelOf(name)
  const { placeChoice } = channel
  const stored = ctx.messageSettings.setupOf<Settings>(corpId, name)
  const setup = settings ? setupWith(stored, place, settings) : stored
  const way = settings && channel.ways?.(setup)[place - 1]
  const input = {
    ...channel.sample,
    ...given,
    toUser: userId ? [userId] : [],
    toParty: [],
    toTag: [],
    agentName: sender,
    agentId,
    requestId: undefined,
    ...(placeChoice ? { [placeChoice.input]: placeId === undefined ? [] : [placeId] } : {}),
  }
  const messageSettings = { ...ctx.messageSettings, setupOf: () => setup } as Setups
  const submission = submissionOf({ ...ctx, messageSettings }, corpId, name, input)
  if (userId)
    return settings
      ? tryMember(ctx, corpId, setup, submission, way)
      : submitted(ctx, corpId, submission, tried)
  if (placeChoice) return submitted(ctx, corpId, submission, tried)
  if (!address) throw new ApiError('missingParameter', 'userId')
  if (!channel.toAddress)
    throw new ApiError('badParameter', {
      zh: told`${own(channel.label.zh)}消息只能发给成员，请填写 userId`,
      en: told`userId is needed: ${own(channel.label.en)} messages are sent to members only`,
    })
  // It bypasses the message centre, so that it is not recorded as a message to somebody.
  const missing = channel.missing(setup, ctx.corps.get(corpId), null)
  if (missing) throw new Refusal(missing)
  return triedOf(
    await channel.toAddress.send(ctx, corpId, setup, address, submission.content, {
      key: `${ctx.newId()}.1`,
      way,
    }),
  )
}

async function submitted(
  ctx: TrialNeeds,
  corpId: string,
  submission: Submission,
  tried: Trial['tried'],
): Promise<TrialResult> {
  const { msgId, status: first } = await submit(ctx, operator(corpId), submission)
  if (tried && first === 'queued') await tried(msgId)
  const { status } = tried ? await ctx.messages.outcome({ corpId, id: msgId }) : { status: first }
  const attempts = await attemptsOf(ctx.db, { corpId, id: msgId }, answersAtMost)
  if (tried && status === 'queued') await withdrawRefused(ctx, corpId, msgId, attempts.at(-1)?.answer)
  const lost = await lostOf(ctx.db, { corpId, id: msgId }, answersAtMost)
  const answers = [
    ...attempts.map(one => ({ label: one.outcome, reason: storedReason(one.answer) })),
    ...lost.map(one => ({ label: `${one.userId}:`, reason: storedReason(one.reason) })),
  ]
  return { status, msgId, answers }
}

/**
 * A node tries a message for a day while its channel is refused, since an administrator may mend the settings. A test is taken back
 * instead, as where the caller sends it itself. Throws Refusal.
 */
async function withdrawRefused(
  ctx: TrialNeeds,
  corpId: string,
  msgId: string,
  reason: string | null | undefined,
): Promise<void> {
  if (!reason) return
  const { channel, agentId, createdAt } = await findOfCorp(ctx, corpId, msgId)
  const refusal = { corpId, channel, agentId: agentId ?? 0, reason }
  if (!(await isRefusedSince(ctx.db, refusal, createdAt))) return
  await withdraw(ctx, { corpId, id: msgId }, reason)
  throw new Refusal(storedReason(reason))
}

/** Makes one call with settings that the message centre does not know yet, and so without it. */
async function tryMember(
  ctx: TrialNeeds,
  corpId: string,
  setup: Setup,
  submission: Submission,
  way: string | undefined,
): Promise<TrialResult> {
  const channel = channelOf(submission.channel)
  const by = operator(corpId)
  const corp = ctx.corps.get(corpId)
  const { members } = await resolveAudience(ctx, viewWithExternal(ctx, by), submission.receivers)
  const ids = members.map(one => one.id)
  const [member] = await contactsOf(ctx.db, corpId, ids)
  if (!member) throw new ApiError('unknownMember', told`${submission.receivers.toUser.join('|')}`)
  const lostBefore = await unreachableAmong(ctx.db, corpId, channel, submission.content, [member])
  const unreachable = lostBefore.get(member.id)
  if (unreachable) return failed(`${member.userId}:`, unreachable)
  const agentId = (await channel.agentOf?.(ctx, by, submission.agentId, setup)) ?? null
  const missing = channel.missing(setup, corp, agentId)
  if (missing) throw new Refusal(missing)
  const outcome = await channel.send({
    ctx,
    corp,
    setup,
    key: `${ctx.newId()}.1`,
    agentId,
    content: submission.content,
    chunk: 0,
    userIds: [member.userId],
    memberIds: [member.id],
    isChecked: false,
    firstTriedAt: new Date(ctx.now()),
    isRepeated: false,
    way,
  })
  const [lost] = outcome.kind === 'sent' ? outcome.failures : []
  return lost ? failed(`${lost.userId}:`, lost.reason) : triedOf(outcome)
}

function triedOf(outcome: Outcome): TrialResult {
  const { kind } = outcome
  if (kind === 'sent')
    return { status: 'sent', msgId: '', answers: [{ label: kind, reason: outcome.vendorId }] }
  return { ...failed(kind, outcome.reason), status: kind === 'unsure' ? 'unknown' : 'failed' }
}
