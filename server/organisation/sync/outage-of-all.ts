import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../platform/core.ts'
import type { Silence } from '../../platform/operation/answering.ts'
import { describeError } from '../../platform/operation/log.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { Corps } from '../corps/corps.ts'
import { spreadOverdue } from './checks/nightly.ts'
import { type Outage, readOutage, wakeOutages } from './outage-store.ts'
import { unreachableMs } from './thresholds.ts'
import {
  dropUpstreamOutage,
  putUpstreamOutage,
  readUpstreamOutage,
  type UpstreamOutage,
} from './upstream-outage-store.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const wecom = 'wecom'
const againMs = 1000

/**
 * Writes down that WeCom answers nobody, as this node sees it, for pages and alerts; and when it is back, wakes what waited, one after
 * the other. What the database does not take is written when it does.
 */
export function followWecom(ctx: Needs): void {
  const key = { upstream: wecom, nodeId: ctx.nodeId }
  let latest: Silence | undefined
  let isWritten = true
  let isWriting = false
  let since: Date | undefined

  async function note(silence: Silence | undefined): Promise<void> {
    if (!silence) {
      await ctx.db.transaction().execute(async tx => {
        await lookForAlerts(ctx, tx, 0)
        await dropUpstreamOutage(tx, key)
        if (since) await wakeOutages(tx, { since, from: new Date(ctx.now()) })
      })
      since = undefined
      await spreadOverdue(ctx)
      return ctx.queue.kick()
    }
    await ctx.db.transaction().execute(async tx => {
      if (!since) await lookForAlerts(ctx, tx, silence.since.getTime() + unreachableMs - ctx.now())
      await putUpstreamOutage(tx, key, { ...silence, reason: reasonOf(ctx, silence.why) })
    })
    since ??= silence.since
  }

  async function write(): Promise<void> {
    isWriting = true
    while (!isWritten && !ctx.stopping.aborted) {
      isWritten = true
      try {
        await note(latest)
      } catch (error) {
        if (ctx.stopping.aborted) break
        isWritten = false
        ctx.log.warn(describeError(error), 'reach of WeCom not written down')
        await delay(againMs, undefined, { signal: ctx.stopping }).catch(() => undefined)
      }
    }
    isWriting = false
  }

  ctx.answering.follow((name, silence) => {
    ctx.log[silence ? 'warn' : 'info'](
      { upstream: name, ...(silence && { why: silence.why }) },
      said(silence),
    )
    if (name !== wecom) return
    latest = silence && { ...silence }
    isWritten = false
    if (!isWriting) void write()
  })
}

const said = (silence: Silence | undefined) => (silence ? 'upstream answers nobody' : 'upstream answers')

/** A look covers all corps, and its task belongs to one. */
async function lookForAlerts(ctx: Needs, tx: Db, inMs: number): Promise<void> {
  const [any] = ctx.corps.all()
  if (any) await checkAlerts(ctx, tx, any.corpId, inMs)
}

function reasonOf({ config: { wecomUrl } }: Core, why: string): Words {
  return {
    zh: `企业微信没有应答${why && `（${why}）`}：${wecomUrl}`,
    en: `WeCom does not answer${why && ` (${why})`}: ${wecomUrl}`,
  }
}

/** That WeCom answers nobody. */
export function outageOfAll(db: Db): Promise<UpstreamOutage | undefined> {
  return readUpstreamOutage(db, wecom)
}

/** What keeps the work on a corp's address book waiting, as people are shown it. */
export async function outageShown(db: Db, corpId: string): Promise<Outage | undefined> {
  return (await readOutage(db, corpId)) ?? (await outageOfAll(db))
}
