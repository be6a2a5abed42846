import type { Core } from '../../../platform/core.ts'
import { counted, formatCount, formatDuration } from '../../../platform/format.ts'
import { type Words, wordsIn } from '../../../platform/words.ts'
import { type Corps, publicUrlOf } from '../../corps/corps.ts'
import {
  type CorpCheck,
  type Finding,
  failed,
  pages,
  passed,
  places,
  warning,
} from '../../corps/doctor/check.ts'
import { unpushedChanges } from '../figures-store.ts'
import { syncStatus } from '../status.ts'
import { lateMs, quietMs, staleMs } from '../thresholds.ts'

type SyncStatus = Awaited<ReturnType<typeof syncStatus>>

const problemsShown = 5
const [id, title] = ['sync', { zh: '通讯录同步', en: 'Contacts sync' }]

type Run = SyncStatus['runs'][number]

/** What the setup doctor looks at between WeCom's events and the mirror. */
export const examineMirroring: CorpCheck = async (ctx, { corpId }) => {
  const status = await syncStatus(ctx, corpId)
  return [await examineEvents(ctx, status), ...examineSync(ctx, status), examineInbox(ctx, status)]
}

function examineSync(ctx: Core, status: SyncStatus): Finding[] {
  const run = status.runs.find(one => one.kind !== 'dry-run')
  if (!run) {
    const detail = { zh: '从未同步过，通讯录是空的', en: 'Never synced, the address book is empty' }
    return [
      failed(id, title, detail, {
        zh: `请到${places.sync.zh}做一次全量同步。`,
        en: `Run a full sync in ${places.sync.en}.`,
      }),
    ]
  }
  return [examineRun(ctx, status, run), ...examineProblems(run)]
}

function examineProblems({ problems }: Run): Finding[] {
  if (problems.length === 0) return []
  const shown = problems.slice(0, problemsShown)
  const isMore = problems.length > problemsShown
  const detail = {
    zh: `${shown.map(one => wordsIn('zh', one)).join('；')}${isMore ? ` 等 ${problems.length} 条` : ''}`,
    en: `${shown.map(one => wordsIn('en', one)).join('; ')}${isMore ? `; ${problems.length} in all` : ''}`,
  }
  return [warning('problems', { zh: '同步中的问题', en: 'Problems of the sync' }, detail)]
}

function examineRun(ctx: Core, status: SyncStatus, run: Run): Finding {
  const age = formatDuration(ctx.now() - (run.finishedAt ?? run.createdAt).getTime())
  const [why, whyEnglish] = [wordsIn('zh', run.error ?? ''), wordsIn('en', run.error ?? '')]
  const last = `The last sync run (${run.id}, ${age.en} ago)`
  switch (run.state) {
    case 'waiting':
    case 'running':
      return warning(id, title, progressOf(run))
    case 'approval':
      return failed(
        id,
        title,
        {
          zh: `第 ${run.id} 次同步停下来等待批准：${why}`,
          en: `Sync run ${run.id} stopped and waits for approval: ${whyEnglish}`,
        },
        {
          zh: `核实企业微信中确实有这么多删除后，到${places.approve.zh}批准第 ${run.id} 次同步。`,
          en: `Make sure that so much was really deleted in WeCom, then approve sync run ${run.id} in ${places.approve.en}.`,
        },
      )
    case 'failed':
      return failed(
        id,
        title,
        {
          zh: `最近一次同步（第 ${run.id} 次，${age.zh}前）失败：${why}`,
          en: `${last} failed: ${whyEnglish}`,
        },
        {
          zh: `处理其他问题后，到${places.sync.zh}再同步一次。`,
          en: `Mend the other problems, then sync again in ${places.sync.en}.`,
        },
      )
    case 'cancelled':
      return warning(
        id,
        title,
        {
          zh: `最近一次同步（第 ${run.id} 次，${age.zh}前）被停止：通讯录可能不完整`,
          en: `${last} was cancelled: the address book may be incomplete`,
        },
        { zh: `请到${places.sync.zh}再同步一次。`, en: `Sync again in ${places.sync.en}.` },
      )
    case 'done':
      return examineMirror(ctx, status, run, age)
  }
}

function progressOf({ phase, progress }: Run): Words {
  const { pagesDone = 0, pagesTotal = 0 } = progress
  return {
    zh: `正在进行：${wordsIn('zh', phase) || '准备'}（${pagesDone}/${pagesTotal} 个部门）`,
    en: `Running: ${wordsIn('en', phase) || 'preparing'} (${pagesDone}/${pagesTotal} departments)`,
  }
}

function examineMirror(ctx: Core, status: SyncStatus, run: Run, age: Words): Finding {
  const { departments, members, quit, tags } = status
  const mirror = {
    zh: `${formatCount(departments)} 个部门、${formatCount(members)} 名成员${quit > 0 ? `（另有 ${formatCount(quit)} 名已退出企业）` : ''}、${tags} 个标签`,
    en: [
      counted(departments, 'department'),
      `${counted(members, 'member')}${quit > 0 ? ` (and ${formatCount(quit)} who quit)` : ''}`,
      counted(tags, 'tag'),
    ].join(', '),
  }
  if (departments === 0 || members === 0) {
    return failed(id, title, {
      zh: `最近一次同步（${age.zh}前）之后通讯录仍是空的：${mirror.zh}`,
      en: `The address book is still empty after the last sync (${age.en} ago): ${mirror.en}`,
    })
  }
  if (ctx.now() - (run.finishedAt ?? run.createdAt).getTime() > staleMs) {
    return warning(
      id,
      title,
      {
        zh: `最近一次同步在 ${age.zh}前：${mirror.zh}`,
        en: `The last sync was ${age.en} ago: ${mirror.en}`,
      },
      {
        zh: `每晚核对（WISP_NIGHTLY）没有运行，请查看日志；也可以到${places.sync.zh}同步一次。`,
        en: `The nightly check (WISP_NIGHTLY) did not run: look into the log, or sync in ${places.sync.en}.`,
      },
    )
  }
  return passed(id, title, { zh: `${age.zh}前完成：${mirror.zh}`, en: `Done ${age.en} ago: ${mirror.en}` })
}

function examineInbox(ctx: Core, status: SyncStatus): Finding {
  const [id, title] = ['inbox', { zh: '待处理的事件', en: 'Events to be processed' }]
  const { pending, parked, oldestPendingAt } = status.inbox
  const waitedMs = oldestPendingAt ? ctx.now() - oldestPendingAt.getTime() : 0
  if (parked > 0) {
    return warning(
      id,
      title,
      {
        zh: `${formatCount(parked)} 个事件多次处理失败，已搁置`,
        en: `${counted(parked, 'event')} failed several times and ${parked === 1 ? 'is' : 'are'} parked`,
      },
      {
        zh: `请到${places.events.zh}查看原因，处理后重放。`,
        en: `See why in ${places.events.en}, mend it and replay.`,
      },
    )
  }
  if (waitedMs > lateMs) {
    const waited = formatDuration(waitedMs)
    return warning(id, title, {
      zh: `${formatCount(pending)} 个事件等待处理，最早的已等了 ${waited.zh}`,
      en: `${counted(pending, 'event')} waiting, the oldest for ${waited.en}`,
    })
  }
  if (pending === 0) return passed(id, title, { zh: '没有积压', en: 'None is waiting' })
  return passed(id, title, {
    zh: `${formatCount(pending)} 个正在处理`,
    en: `${formatCount(pending)} being processed`,
  })
}

/** The absence of events alone proves nothing, but it shows a fault when the nightly run found changes. */
async function examineEvents(ctx: Core & { corps: Corps }, status: SyncStatus): Promise<Finding> {
  const [id, title] = ['events', { zh: '回调事件', en: 'Callback events' }]
  const { lastEventAt } = status
  const silentMs = lastEventAt ? ctx.now() - lastEventAt.getTime() : Number.POSITIVE_INFINITY
  const last = lastEventAt
    ? {
        zh: `最近一次在 ${formatDuration(silentMs).zh}前`,
        en: `The last one came ${formatDuration(silentMs).en} ago`,
      }
    : { zh: '还没有收到过', en: 'None has come yet' }
  if (silentMs < quietMs) return passed(id, title, last)
  const [{ changes } = { changes: 0 }] = await unpushedChanges(ctx.db, status.corpId)
  if (changes === 0) {
    return passed(id, title, {
      zh: `${last.zh}；此后的核对没有发现遗漏的变更`,
      en: `${last.en}; the checks since then found no change that was missed`,
    })
  }
  const url = publicUrlOf(ctx, ctx.corps.get(status.corpId))
  return warning(
    id,
    title,
    {
      zh: `${last.zh}，而此后的核对发现 ${formatCount(changes)} 处没有推送的变更`,
      en: `${last.en}, but the checks since then found ${counted(changes, 'change')} not pushed`,
    },
    {
      zh:
        `请到${pages.contact.zh}检查接收事件服务器的 URL 是否仍指向 ${url}，` +
        '以及防火墙、反向代理是否放行；通过接口修改通讯录的第三方系统须调用 /admin/syncController/callback 通知 wisp。',
      en:
        `Check in ${pages.contact.en} whether the URL of the event server (接收事件服务器) still leads to ${url}, ` +
        'and whether firewall and reverse proxy let it through; third-party systems that change the address book by API must tell the platform by calling /admin/syncController/callback.',
    },
  )
}
