import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { type Words, wordsIn } from '../../../platform/words.ts'
import { refusedCredentials } from '../../../upstream/transport/credential-store.ts'
import { credentialOwner } from '../../corps/clients/clients.ts'
import type { Corps } from '../../corps/corps.ts'
import { places } from '../../corps/doctor/check.ts'
import { lastSettledRuns, lastSynced } from '../figures-store.ts'
import { outageOfAll } from '../outage-of-all.ts'
import { outagesSince } from '../outage-store.ts'
import { staleMs, unreachableMs } from '../thresholds.ts'

type Needs = Core & { corps: Corps }

type RunDetail = { runId: number; error: Words | string }

/** The first line of a run's error; the second says what to change. */
const parts = (words: Words | string) =>
  (['zh', 'en'] as const).map(language => wordsIn(language, words).split('\n')) as [string[], string[]]

async function settledIn(ctx: Needs, state: string) {
  return (await lastSettledRuns(ctx.db))
    .filter(run => run.state === state)
    .map(({ corpId, id, error }) => ({ corpId, detail: { runId: id, error: error ?? '' } }))
}

/** Which of these corps, or of all, have a contacts secret that is refused. That their address book cannot be read follows from this, and is no alert of its own. */
export async function withoutSecret(ctx: Needs, corpIds?: readonly string[]): Promise<Set<string>> {
  const refused = await refusedCredentials(ctx.db, corpIds)
  return new Set(refused.filter(one => one.owner === credentialOwner('contact')).map(one => one.corpId))
}

export const syncApproval: Cause<Needs, RunDetail> = {
  find: async ctx => ({ found: await settledIn(ctx, 'approval') }),
  tell({ runId, error }) {
    const [zh, en] = parts(error)
    return {
      title: { zh: '一次同步在等待批准', en: 'A sync waits for approval' },
      what: {
        zh: `第 ${runId} 次同步停了下来：${zh[0]}`,
        en: `Sync run ${runId} stopped: ${en[0]}`,
      },
      fix: {
        zh: `核实企业微信中确实有这么多删除后，到${places.approve.zh}批准。在此之前通讯录不会更新。`,
        en: `Make sure that so much was really deleted in WeCom, then approve it in ${places.approve.en}. Until then the address book stays as it is.`,
      },
      path: `/console/sync/runs/${runId}`,
    }
  },
}

export const syncFailed: Cause<Needs, RunDetail> = {
  async find(ctx) {
    const hidden = await withoutSecret(ctx)
    return { found: (await settledIn(ctx, 'failed')).filter(one => !hidden.has(one.corpId)) }
  },
  reasonOf: ({ error }) => parts(error)[0][0],
  tell({ runId, error }) {
    const [zh, en] = parts(error)
    const again = {
      zh: `处理后到${places.sync.zh}再同步一次。`,
      en: `Then sync again in ${places.sync.en}.`,
    }
    return {
      title: { zh: '最近一次同步失败', en: 'The last sync failed' },
      what: { zh: `第 ${runId} 次同步失败：${zh[0]}`, en: `Sync run ${runId} failed: ${en[0]}` },
      fix: {
        zh: [...zh.slice(1), again.zh].join(''),
        en: [...en.slice(1), again.en].join(' '),
      },
      path: `/console/sync/runs/${runId}`,
    }
  },
}

export const syncStale: Cause<Needs, { since: string; age: Words }> = {
  async find(ctx) {
    // wecomUnreachable tells why.
    if (await outageOfAll(ctx.db)) return { found: [] }
    const hidden = new Set([
      ...(await withoutSecret(ctx)),
      ...(await lastSettledRuns(ctx.db))
        .filter(run => run.state === 'failed' || run.state === 'approval')
        .map(run => run.corpId),
    ])
    const old = (await lastSynced(ctx.db)).filter(
      ({ corpId, at }) => ctx.now() - at.getTime() > staleMs && !hidden.has(corpId),
    )
    return {
      found: old.map(({ corpId, at }) => ({
        corpId,
        detail: { since: at.toISOString(), age: formatDuration(ctx.now() - at.getTime()) },
      })),
    }
  },
  reasonOf: () => 'stale',
  tell: ({ age }) => ({
    title: { zh: '通讯录很久没有同步', en: 'The address book was not synced for long' },
    what: {
      zh: `已有 ${age.zh}没有一次成功的同步，成员与部门可能与企业微信不同。`,
      en: `No sync succeeded for ${age.en}: members and departments may differ from WeCom.`,
    },
    fix: {
      zh: `每晚核对（WISP_NIGHTLY）没有完成，请查看日志；也可以到${places.sync.zh}同步一次。`,
      en: `The nightly check (WISP_NIGHTLY) did not finish: look into the log, or sync in ${places.sync.en}.`,
    },
    path: '/console/sync',
  }),
}

function detailOf({ now }: Core, { since, reason }: { since: Date; reason: Words | string }) {
  return { reason, age: formatDuration(now() - since.getTime()) }
}

/** As seen by the work on the address book; other calls to WeCom report their own failures. */
export const wecomUnreachable: Cause<Needs, { reason: Words | string; age: Words }> = {
  async find(ctx) {
    const before = new Date(ctx.now() - unreachableMs)
    // What nobody is answered is one row of the installation, and not one of each corp that waits.
    const ofAll = await outageOfAll(ctx.db)
    if (ofAll) return { found: ofAll.since <= before ? [{ corpId: null, detail: detailOf(ctx, ofAll) }] : [] }
    const found = await outagesSince(ctx.db, before)
    return {
      found: found.map(({ corpId, ...outage }) => ({ corpId, detail: detailOf(ctx, outage) })),
    }
  },
  reasonOf: ({ reason }) => wordsIn('zh', reason),
  tell: ({ reason, age }) => ({
    title: { zh: '连不上企业微信', en: 'WeCom cannot be reached' },
    what: {
      zh: `已有 ${age.zh}没有应答（${wordsIn('zh', reason)}），通讯录在此期间不会更新。`,
      en: `No answer for ${age.en} (${wordsIn('en', reason)}): until there is one, the address book is not updated.`,
    },
    fix: {
      zh: '请检查服务器的网络、DNS、防火墙与代理，再到「企业与体检」体检一次。恢复后会自动继续，最多等一小时；要立即继续，再点一次同步。',
      en: "Check the server's network, DNS, firewall and proxy, then run the check-up under Corps and check-up. What waits goes on by itself within an hour of WeCom's return; to go on at once, sync again.",
    },
    path: '/console/system/corps',
  }),
}
