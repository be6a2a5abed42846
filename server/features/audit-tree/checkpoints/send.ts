import { isIP } from 'node:net'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/http/words.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { SubmitNeeds } from '../../messages/accept/submit.ts'
import { tellMembers } from '../../messages/accept/tell-members.ts'
import type { TreeName } from '../tree/source.ts'
import * as store from './checkpoint-store.ts'

type Needs = SubmitNeeds & { outbound: Outbound }

const timeoutMs = 15_000

const atOnce = 4

/**
 * Sends the last checkpoint wherever it has not gone; what fails is tried again in a minute. Those that failed come last, and one that
 * cannot be sent at all keeps no other waiting.
 */
export async function sendCheckpoints(ctx: Needs): Promise<void> {
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
export async function sendCheckpointOf(ctx: Needs, tree: TreeName): Promise<Words | undefined> {
  const [unsent] = (await store.unsentDestinations(ctx.db, new Date(ctx.now()))).filter(
    one => one.tree === tree,
  )
  if (unsent) await sendOne(ctx, unsent)
  const to = await store.destinationOf(ctx.db, tree)
  if (!to || (to.url === '' && to.members.length === 0))
    return { zh: '没有设置检查点发到哪里', en: 'it is not set where checkpoints are sent' }
  return to.problem ?? undefined
}

type UnsentDestination = store.Destination & { last: store.StoredCheckpoint }

async function sendOne(ctx: Needs, { last, ...to }: UnsentDestination): Promise<void> {
  const { number } = last
  const now = ctx.now()
  const toUrl = to.url !== '' && to.urlNumber < number
  const isDay = to.membersAt === null || to.membersAt.getTime() <= now - 86_400_000 || last.cause !== 'hour'
  const toMembers = to.members.length > 0 && to.membersNumber < number && isDay
  const urlProblem = toUrl ? await post(ctx, to, last.note) : null
  const membersProblem = toMembers ? await tell(ctx, to, last) : null
  await store.noteSent(ctx.db, to.tree, {
    url: to.url,
    members: to.members,
    number,
    at: new Date(now),
    byUrl: toUrl && !urlProblem,
    byMembers: toMembers && !membersProblem,
    problem: urlProblem ?? membersProblem,
  })
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

/** By the first channel of the corp that reaches each of them. */
async function tell(
  ctx: Needs,
  { tree, members }: store.Destination,
  { number, size, note, cause }: store.StoredCheckpoint,
): Promise<Words | null> {
  if (!ctx.corps.find(tree)) return { zh: '企业不存在', en: 'there is no such corp' }
  const isEmergency = cause === 'break-glass'
  return ctx.mirrors.during(tree, async () => {
    const left = await tellMembers(ctx, tree, members, `audit-checkpoint-${number}`, {
      msgType: '01',
      agentName: '审计检查点',
      title: isEmergency ? `应急执行，审计检查点：${size} 条` : `审计检查点：${size} 条`,
      content: `${isEmergency ? emergency : ''}请保存这条消息。需要时把下面几行存成文件，用 wisp audit verify --against 核对。\nKeep this message, for wisp audit verify --against.\n\n${note}`,
      url: `${ctx.publicUrl()}/console/system/audit/integrity`,
      btntxt: '查看',
    })
    if (left.length === 0) return null
    return { zh: `没有送达：${left.join('、')}`, en: `not delivered to: ${left.join(', ')}` }
  })
}

/** Whether an address is on this machine, or wisp's own, where a copy proves nothing against whoever has the machine. */
export function isThisMachine(url: URL, publicUrl: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return (
    host === new URL(publicUrl).hostname ||
    /^(localhost|.*\.localhost)\.?$/i.test(host) ||
    (isIP(host) !== 0 && /^(127\.|::ffff:7f|::1$|0\.0\.0\.0$|::$)/.test(host))
  )
}
