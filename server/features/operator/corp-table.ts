import { quotaNames, quotaWords } from '../../organisation/corps/quotas/quotas.ts'
import type { RunState } from '../../organisation/sync/runs/run-store.ts'
import type { Language, Words } from '../../platform/words.ts'
import type { Health } from './health.ts'
import type { CorpFigures } from './list.ts'

export const healthWords: Readonly<Record<Health, Words>> = {
  ok: { zh: '正常', en: 'fine' },
  warning: { zh: '注意', en: 'warning' },
  failing: { zh: '异常', en: 'failing' },
}

export const stateWords: Readonly<Record<RunState, Words>> = {
  waiting: { zh: '等待', en: 'waiting' },
  running: { zh: '进行中', en: 'running' },
  approval: { zh: '等待批准', en: 'waits for approval' },
  done: { zh: '完成', en: 'done' },
  failed: { zh: '失败', en: 'failed' },
  cancelled: { zh: '已取消', en: 'cancelled' },
}

const columns: readonly [Words, (corp: CorpFigures, language: Language) => string | number | Date | null][] =
  [
    [{ zh: '企业 ID', en: 'Corp ID' }, corp => corp.corpId],
    [{ zh: '名称', en: 'Name' }, corp => corp.name],
    [{ zh: '状态', en: 'Health' }, (corp, language) => healthWords[corp.health][language]],
    [{ zh: '体检未通过', en: 'Fails in the check-up' }, corp => corp.failing?.join(' ') ?? ''],
    [{ zh: '未结束的提醒', en: 'Open alerts' }, corp => corp.openAlerts],
    [{ zh: '企业微信无应答自', en: 'WeCom silent since' }, corp => corp.outageSince],
    [{ zh: '成员', en: 'Members' }, corp => corp.members],
    [{ zh: '部门', en: 'Departments' }, corp => corp.departments],
    [{ zh: '开发者', en: 'Developers' }, corp => corp.developers],
    [{ zh: '今日调用', en: 'Calls today' }, corp => corp.callsToday],
    [{ zh: '近 30 天调用', en: 'Calls in 30 days' }, corp => corp.calls],
    [{ zh: '近 30 天失败', en: 'Failures in 30 days' }, corp => corp.failures],
    [{ zh: '今日消息', en: 'Messages today' }, corp => corp.messagesToday],
    [{ zh: '近 30 天消息', en: 'Messages in 30 days' }, corp => corp.messages],
    [{ zh: '最近同步', en: 'Last sync' }, corp => corp.lastSync?.at ?? null],
    [
      { zh: '同步结果', en: 'How it ended' },
      (corp, language) => (corp.lastSync ? stateWords[corp.lastSync.state][language] : ''),
    ],
    [{ zh: '文件（字节）', en: 'Files (bytes)' }, corp => corp.fileBytes],
    ...quotaNames.map((name): (typeof columns)[number] => [
      { zh: `配额 ${quotaWords[name].zh}`, en: `Quota of ${quotaWords[name].en}` },
      corp => corp.quotas.find(one => one.name === name)?.quota ?? null,
    ]),
    [{ zh: '暂停自', en: 'Suspended since' }, corp => corp.suspendedAt],
    [{ zh: '接入时间', en: 'Connected' }, corp => corp.connectedAt],
  ]

/** The list of corps as a file. */
export function corpTable(language: Language) {
  return {
    head: columns.map(([title]) => title[language]),
    cells: (corp: CorpFigures) => columns.map(([, cell]) => cell(corp, language)),
  }
}
