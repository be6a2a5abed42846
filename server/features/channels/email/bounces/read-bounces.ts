/**
 * Mail that could not be delivered comes back to a mailbox, which is read by IMAP. Each page of it is noted in one transaction with the place
 * behind it, so that a node that stops loses nothing and notes nothing twice. What the page says of messages is taken by the message centre
 * like receipts of other channels.
 */

import type { Corps } from '../../../../organisation/corps/corps.ts'
import type { Core } from '../../../../platform/core.ts'
import { describeError } from '../../../../platform/operation/log.ts'
import type { Jobs } from '../../../../platform/queue/jobs.ts'
import type { Queue } from '../../../../platform/queue/queue.ts'
import { enqueueEach, holdLease, type Lease } from '../../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../../platform/queue/spread.ts'
import type { Outbound } from '../../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../../platform/security/outbound-policy.ts'
import type { Words } from '../../../../platform/words.ts'
import type { Setups } from '../../channel.ts'
import { isForGood } from '../bounce-status.ts'
import type { EmailReason } from '../reasons.ts'
import type { SmtpSettings } from '../settings.ts'
import { keyOfBounce } from './bounce-id.ts'
import * as store from './bounce-store.ts'
import { boxOf, type MailboxPage, readMailbox } from './mailbox.ts'
import { parseBounce } from './parse-bounce.ts'

declare module '../../../../platform/queue/queue-store.ts' {
  interface Streams {
    'mail-bounces': true
  }
}

type Needs = Core & { corps: Corps; messageSettings: Setups; outbound: Outbound }

const pagesAtMost = 20
const againMs = 1000

const settingsOf = ({ messageSettings }: Needs, corpId: string) =>
  messageSettings.setupOf<SmtpSettings>(corpId, 'email').settings

/** The queue gives each mailbox to one node at a time. */
export function handleBounces(ctx: Needs & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'mail-bounces',
    atOnce: 4,
    isBackground: true,
    work: ({ corpId, lease }) => readBounces(ctx, corpId, lease),
  })
}

/** Every two minutes, spread over them. */
export function scheduleBounces(ctx: Needs & { jobs: Jobs }): void {
  ctx.jobs.schedule('mail-bounces', '*/2 * * * *', async () => {
    const corps = ctx.corps.all().filter(({ corpId }) => {
      const settings = settingsOf(ctx, corpId)
      return settings !== undefined && boxOf(settings) !== undefined
    })
    const names = corps.map(one => one.corpId)
    const due = spreadOver(names, ctx.now(), { eachMs: 500, atMostMs: 100_000 })
    if (due.length > 0)
      await enqueueEach(
        ctx.db,
        due.map(({ name: corpId, dueAt }) => ({ corpId, stream: 'mail-bounces' as const, key: '', dueAt })),
      )
  })
}

/** Returns when to go on, where there is more than was read at once. */
export async function readBounces(ctx: Needs, corpId: string, lease?: Lease): Promise<Date | undefined> {
  const settings = settingsOf(ctx, corpId)
  const box = settings && boxOf(settings)
  if (!settings || box === undefined || !ctx.corps.find(corpId)) return undefined
  const known = await store.findBox(ctx.db, corpId)
  const place = known?.box === box && known.uidValidity !== '' ? known : undefined
  let isNoted = false
  try {
    const isWhole = await readMailbox(ctx.outbound, corpId, settings, place, {
      read: report => bouncesIn(ctx, corpId, report),
      async take(page) {
        await notePage(ctx, corpId, box, page, lease)
        isNoted = true
      },
      pagesAtMost,
    })
    if (!isNoted && place?.failingSince) await store.writeBox(ctx.db, corpId, place, new Date(ctx.now()))
    return isWhole ? undefined : new Date(ctx.now() + againMs)
  } catch (error) {
    ctx.log.warn({ corpId, box, ...describeError(error) }, 'mailbox of bounces not read')
    await store.writeBoxFailure(ctx.db, corpId, box, failureOf(error), new Date(ctx.now()))
    return undefined
  }
}

async function notePage(
  ctx: Needs,
  corpId: string,
  box: string,
  { found, place }: MailboxPage<store.NotedBounce>,
  lease: Lease | undefined,
): Promise<void> {
  const stops = found.filter(one => isForGood(one.status))
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.insertBounces(tx, corpId, found, at)
    await store.stopAddresses(tx, corpId, stops, at)
    await store.writeBox(tx, corpId, { box, ...place }, at)
    if (lease) await holdLease(tx, lease)
  })
}

/** What a report says of mail that this corp sent to these very addresses. */
export function bouncesIn(ctx: Pick<Core, 'seal'>, corpId: string, raw: string): store.NotedBounce[] {
  const bounce = parseBounce(raw)
  if (!bounce) return []
  return bounce.failed.flatMap(({ addresses, status, said }) => {
    for (const address of addresses)
      for (const id of bounce.ids) {
        const context = keyOfBounce(ctx, corpId, id, address)
        if (context === undefined) continue
        const reason: EmailReason = { code: 'emailBounced', status, said }
        return [{ context, address, status, said, reason: JSON.stringify(reason) }]
      }
    return []
  })
}

/** What a server in our own network says stays in the log. */
function failureOf(error: unknown): Words {
  if (error instanceof OutboundRefused) return error.words
  const { authenticationFailed: isRefused } = error as { authenticationFailed?: boolean }
  return isRefused
    ? { zh: '邮箱服务器拒绝登录', en: 'the mailbox server refuses to sign in' }
    : {
        zh: '连不上邮箱服务器，或它没有按 IMAP 应答',
        en: 'the mailbox server cannot be reached, or does not speak IMAP',
      }
}
