import { isIP } from 'node:net'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { Words } from '../../../platform/words.ts'
import type { Brands } from '../../branding/brands.ts'
import { deliverMail } from '../../channels/email/deliver.ts'
import type { MailKey } from '../../channels/email/domain/key-store.ts'
import type { SmtpSettings } from '../../channels/email/settings.ts'
import { wordsOf } from '../../channels/telling.ts'
import type { SubmitNeeds } from '../../messages/accept/submit.ts'
import { tellMembers } from '../../messages/accept/tell-members.ts'
import type { TreeName } from '../tree/source.ts'
import { putInBucket } from './bucket.ts'
import { aheadOf, type StoredCheckpoint } from './checkpoint-store.ts'
import * as store from './destination-store.ts'

export type CheckpointNeeds = SubmitNeeds & { brands: Brands; offered: FeatureOffers; outbound: Outbound }

const timeoutMs = 15_000

const atOnce = 4

/**
 * Sends the last checkpoint wherever it has not gone; what fails is tried again in a minute. Those that failed come last, and one that
 * cannot be sent at all keeps no other waiting.
 */
export async function sendCheckpoints(ctx: CheckpointNeeds): Promise<void> {
  const unsent = await store.unsentDestinations(ctx.db, new Date(ctx.now()))
  const turns = unsent.toSorted((a, b) => Number(a.problem !== null) - Number(b.problem !== null)).values()
  const sender = async () => {
    for (const one of turns) {
      if (ctx.stopping.aborted) return
      await sendOne(ctx, one).catch(error =>
        ctx.log.warn({ tree: one.tree, ...describeError(error) }, 'checkpoint not sent'),
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
}

/** Sends the last checkpoint of one tree at once. Returns why it was not sent; undefined when it was, or had been. */
export async function sendCheckpointOf(ctx: CheckpointNeeds, tree: TreeName): Promise<Words | undefined> {
  const [unsent] = (await store.unsentDestinations(ctx.db, new Date(ctx.now()))).filter(
    one => one.tree === tree,
  )
  if (unsent) await sendOne(ctx, unsent)
  const to = await store.destinationOf(ctx.db, tree)
  if (!to || !store.hasWay(to))
    return { zh: '没有设置检查点发到哪里', en: 'it is not set where checkpoints are sent' }
  return to.problem ?? undefined
}

async function sendOne(
  ctx: CheckpointNeeds,
  { last, ...to }: store.Destination & { last: StoredCheckpoint },
): Promise<void> {
  const now = ctx.now()
  const isDue = (way: store.Way) => {
    const { number, at } = to.sent[way]
    const isToday = at !== null && at.getTime() > now - 86_400_000 && at <= aheadOf(new Date(now))
    const isDay = !isToday || last.cause !== 'hour'
    return number < last.number && (isDay || !store.dailyWays.includes(way))
  }
  const senders: Record<store.Way, () => Promise<Words | null> | undefined> = {
    url: () => (to.url === '' ? undefined : post(ctx, to, last.note)),
    members: () => (to.members.length === 0 ? undefined : tell(ctx, to, last)),
    mails: () => (to.mails.length === 0 ? undefined : mail(ctx, to, last)),
    receiver: () =>
      to.receiver === '' ? undefined : ctx.offered.checkpointReceivers.send(to.tree, to.receiver, last),
    bucket: () => (to.bucket === null ? undefined : putInBucket(ctx, to, last)),
  }
  // One after the other, and each for itself: what fails keeps no other way from it.
  const byWays: store.Way[] = []
  let problem: Words | null = null
  for (const way of store.ways.filter(isDue)) {
    const sending = senders[way]()
    if (!sending) continue
    const why = await sending.catch((error): Words => {
      ctx.log.warn({ tree: to.tree, way, ...describeError(error) }, 'checkpoint not sent')
      return { zh: '平台内部错误，见日志', en: 'an error of wisp itself: see the log' }
    })
    if (why) problem ??= why
    else byWays.push(way)
  }
  await store.noteSent(ctx.db, to, { number: last.number, at: new Date(now), byWays, problem })
}

/** Returns why it was not taken; null when it was. */
async function post(
  ctx: Core & { outbound: Outbound },
  { tree, url }: store.Destination,
  note: string,
): Promise<Words | null> {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'wisp-audit' }
  const asker = { slot: 'developers', of: tree } as const
  const errand = { asker, timeoutMs, signal: ctx.stopping, headers, body: Buffer.from(note), answerBytes: 0 }
  try {
    return await ctx.outbound.post(url, errand, ({ status }) =>
      status >= 200 && status < 300
        ? null
        : { zh: `对方返回 HTTP ${status}`, en: `the address answered HTTP ${status}` },
    )
  } catch (error) {
    if (error instanceof OutboundRefused) return error.words
    ctx.log.info({ tree, ...describeError(error) }, 'checkpoint not sent')
    return {
      zh: '地址连接不上，或没有按时返回',
      en: 'the address could not be reached, or did not answer in time',
    }
  }
}

const emergency = `有命令未经三员的验证码执行，请在控制台核对后关闭。
A command ran without codes of the three administrators: check it in the console, and close it.

`

const titleOf = (size: number, isEmergency: boolean) =>
  `${isEmergency ? '应急执行，' : ''}审计检查点：${size} 条`

const keepIt =
  '请保存这条消息。需要时把下面几行存成文件，用 wisp audit verify --against 核对。\nKeep this message, for wisp audit verify --against.'

/** By the mail server of the corp. */
async function mail(
  ctx: CheckpointNeeds,
  { tree, mails }: store.Destination,
  { number, size, note, cause }: StoredCheckpoint,
): Promise<Words | null> {
  const isEmergency = cause === 'break-glass'
  const setup = ctx.messageSettings.setupOf<SmtpSettings, MailKey[]>(tree, 'email')
  const url = `${ctx.publicUrl()}/console/system/audit/integrity`
  const left: string[] = []
  let why: Words | string = ''
  for (const address of mails) {
    const text = {
      kind: 'email',
      subject: titleOf(size, isEmergency),
      text: `${isEmergency ? emergency : ''}${keepIt}\n\n${note}`,
      url,
      btntxt: '查看',
    } as const
    const key = `audit-checkpoint-${tree}-${number}-${versionOf([address])}`
    const outcome = await deliverMail(ctx, tree, setup, { name: '', address }, text, key)
    if (outcome.kind === 'sent') continue
    left.push(address)
    why = wordsOf(outcome.reason)
  }
  if (left.length === 0) return null
  const [zh, en] = typeof why === 'string' ? [why, why] : [why.zh, why.en]
  return {
    zh: `邮件没有送达：${left.join('、')}（${zh}）`,
    en: `mail not delivered to ${left.join(', ')} (${en})`,
  }
}

/** By the first channel of the corp that reaches each of them. */
async function tell(
  ctx: CheckpointNeeds,
  { tree, members }: store.Destination,
  { number, size, note, cause }: StoredCheckpoint,
): Promise<Words | null> {
  if (!ctx.corps.find(tree)) return { zh: '企业不存在', en: 'there is no such corp' }
  const isEmergency = cause === 'break-glass'
  return ctx.mirrors.during(tree, async () => {
    const left = await tellMembers(ctx, tree, members, `audit-checkpoint-${number}`, {
      msgType: '01',
      agentName: '审计检查点',
      title: titleOf(size, isEmergency),
      content: `${isEmergency ? emergency : ''}${keepIt}\n\n${note}`,
      url: `${ctx.publicUrl()}/console/system/audit/integrity`,
      btntxt: '查看',
    })
    if (left.length === 0) return null
    return { zh: `没有送达：${left.join('、')}`, en: `not delivered to: ${left.join(', ')}` }
  })
}

/** Whether an address is on this machine, or wisp's own, where a copy proves nothing against whoever has the machine. */
export function isThisMachine(url: Pick<URL, 'hostname'>, publicUrl: string): boolean {
  const hostIn = ({ hostname }: Pick<URL, 'hostname'>) => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const host = hostIn(url)
  return (
    host === hostIn(new URL(publicUrl)) ||
    /^(localhost|.*\.localhost)$/i.test(host) ||
    (isIP(host) !== 0 && /^(127\.|::ffff:7f|::1$|0\.0\.0\.0$|::$)/.test(host))
  )
}
