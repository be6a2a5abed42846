import {
  type QuotaChange,
  type QuotaName,
  quotaAtMost,
  quotaNames,
  quotaWords,
} from '../../../organisation/corps/quotas/quotas.ts'
import { setQuotas } from '../../../organisation/corps/quotas/set-quotas.ts'
import { actor } from '../../../platform/command/actor.ts'
import { type CommandPart, command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../../platform/command/language.ts'
import { choice, integerOr, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { type Cell, facts, table, when } from '../../../platform/command/text.ts'
import { formatCount } from '../../../platform/format.ts'
import { csvText } from '../../../platform/http/answers/csv.ts'
import type { NeedsAttention } from '../../../platform/manifest/attention.ts'
import { attentionTable } from '../../../platform/manifest/attention-table.ts'
import type { Words } from '../../../platform/words.ts'
import { corpTable, healthWords, stateWords } from '../corp-table.ts'
import { healths } from '../health.ts'
import {
  type CorpFigures,
  corpsAsked,
  figuresOf,
  type OperatorNeeds,
  orderAsked,
  orders,
  quotaFilters,
} from '../list.ts'
import { oneCorp } from '../one-corp.ts'
import { type QuotaUse, quotaUse } from '../quota-use.ts'

const corpId = requiredText('<corpId>', { zh: '企业 ID', en: 'corp ID' })

const list = command({
  path: 'operator list',
  point: 'operator:read',
  summary: {
    zh: '列出全部企业：状态、成员、调用、消息、最近同步与配额',
    en: 'List all corps: state, members, calls, messages, last sync and quotas',
  },
  parts: {
    search: text('--search <text>', {
      zh: '名称、拼音或企业 ID 的一部分',
      en: 'part of the name, the pinyin or the corp ID',
    }),
    health: choice(
      '--health <state>',
      { zh: '只列出这种状态的企业', en: 'only corps in this state' },
      healths,
    ),
    quota: choice(
      '--quota <which>',
      {
        zh: 'near 用了八成以上，full 有用完的，set 设了配额',
        en: 'near: more than 80 % used; full: one is used up; set: there are quotas',
      },
      quotaFilters,
    ),
    suspended: toggle('--suspended', { zh: '只列出已暂停的', en: 'only suspended corps' }),
    sort: text('--sort <field>', {
      zh: `按哪一列排序，前加 - 为降序: ${orders.join('、')}`,
      en: `column to sort by, with - in front for descending: ${orders.join(', ')}`,
    }),
    limit: integerOr(
      100,
      '--limit <n>',
      { zh: '最多列出几个', en: 'how many are listed at most' },
      { min: 1, max: 1_000_000 },
    ),
    csv: toggle('--csv', { zh: '输出 CSV，含全部列', en: 'print CSV with all columns' }),
  },
  async run(ctx: OperatorNeeds, { sort, limit, csv, health, suspended, ...given }) {
    const asked = { ...given, health: health && [health], suspended: suspended || undefined }
    const { corpIds, total } = await corpsAsked(ctx, asked, orderAsked(sort), { limit, offset: 0 })
    const corps = await figuresOf(ctx, corpIds, commandLanguage())
    const data = { total, corps }
    if (csv) {
      const { head, cells } = corpTable(commandLanguage())
      return { data, text: csvText([head, ...corps.map(cells)]).trimEnd() }
    }
    const left = total - corps.length
    const rest =
      left > 0
        ? said({
            zh: `\n\n另有 ${left} 个企业没有列出（--limit）`,
            en: `\n\n${left} more corps are not listed (--limit)`,
          })
        : ''
    return {
      data,
      text: `${table(heads, corps.map(rowOf), { zh: '没有这样的企业', en: 'no such corps' })}${rest}`,
    }
  },
})

const heads = [
  { zh: '企业 ID', en: 'Corp ID' },
  { zh: '名称', en: 'Name' },
  { zh: '状态', en: 'State' },
  { zh: '成员', en: 'Members' },
  {
    zh: '开发者',
    en: 'Developers',
  },
  { zh: '今日调用', en: 'Calls today' },
  { zh: '30 天调用', en: 'Calls, 30 days' },
  { zh: '今日消息', en: 'Messages today' },
  { zh: '30 天消息', en: 'Messages, 30 days' },
  { zh: '最近同步', en: 'Last sync' },
  { zh: '配额', en: 'Quotas' },
]

function rowOf(corp: CorpFigures): (string | number)[] {
  const { corpId, name, health, members, developers, callsToday, calls, messagesToday, messages } = corp
  const { quotas, suspendedAt } = corp
  return [
    ...[
      corpId,
      name,
      suspendedAt ? said({ zh: '已暂停', en: 'suspended' }) : said(healthWords[health]),
      members,
      developers,
      callsToday,
      calls,
      messagesToday,
      messages,
    ],
    lastSyncOf(corp),
    quotas.map(one => `${said(quotaWords[one.name])} ${percentOf(one)}`).join(' ') || '—',
  ]
}

function lastSyncOf({ lastSync }: CorpFigures): string {
  return lastSync
    ? `${when(lastSync.at)} ${said(stateWords[lastSync.state])}`
    : said({ zh: '从未', en: 'never' })
}

const percentOf = ({ used, quota }: QuotaUse) => `${Math.floor((used / quota) * 100)}%`

const show = command({
  path: 'operator show',
  point: 'operator:read',
  summary: {
    zh: '一个企业的数字、需要处理的事、管理员与配额',
    en: 'Show figures, things to deal with, administrators and quotas of a corp',
  },
  parts: { corpId },
  async run(ctx: OperatorNeeds & { needsAttention: NeedsAttention }, { corpId }) {
    const corp = await oneCorp(ctx, corpId, commandLanguage())
    const { needs, administrators, quotas } = corp
    const pairs: [Words | string, Cell][] = [
      [said({ zh: '企业 ID', en: 'Corp ID' }), corp.corpId],
      [said({ zh: '名称', en: 'Name' }), corp.name],
      [said({ zh: '状态', en: 'State' }), healthWords[corp.health].zh],
      [{ zh: '成员', en: 'Members' }, formatCount(corp.members)],
      [said({ zh: '部门', en: 'Departments' }), formatCount(corp.departments)],
      [
        said({
          zh: '开发者',
          en: 'Developers',
        }),
        formatCount(corp.developers),
      ],
      [
        said({ zh: '调用（今日 / 30 天）', en: 'Calls (today / 30 days)' }),
        `${formatCount(corp.callsToday)} / ${formatCount(corp.calls)}`,
      ],
      [
        said({ zh: '消息（今日 / 30 天）', en: 'Messages (today / 30 days)' }),
        `${formatCount(corp.messagesToday)} / ${formatCount(corp.messages)}`,
      ],
      [said({ zh: '最近同步', en: 'Last sync' }), lastSyncOf(corp)],
      [
        said({ zh: '暂停', en: 'Suspended' }),
        corp.suspendedAt
          ? `${when(corp.suspendedAt)} ${corp.suspendedReason}`
          : said({ zh: '没有', en: 'no' }),
      ],
      [
        said({ zh: '最近体检', en: 'Last check-up' }),
        when(corp.examinedAt, said({ zh: '从未', en: 'never' })),
      ],
      [said({ zh: '接入时间', en: 'Connected' }), when(corp.connectedAt)],
      [
        said({ zh: '管理员', en: 'administrator' }),
        administrators
          .map(one => said({ zh: `${one.userName}（${one.userId}）`, en: `${one.userName} (${one.userId})` }))
          .join(said(comma)) || said({ zh: '（无）', en: '(none)' }),
      ],
    ]
    const parts = [facts(pairs), quotaText(quotas), ...(needs.length > 0 ? [attentionTable(needs)] : [])]
    return { data: corp, text: parts.join('\n\n') }
  },
})

function quotaText(quotas: readonly QuotaUse[]): string {
  const rows = quotas.map(one => [
    said(quotaWords[one.name]),
    formatCount(one.quota),
    formatCount(one.used),
    percentOf(one),
  ])
  return table(
    [{ zh: '配额', en: 'Quotas' }, { zh: '最多', en: 'At most' }, { zh: '已用', en: 'Used' }, ''],
    rows,
    { zh: '没有设置配额', en: 'no quotas are set' },
  )
}

const showQuota = command({
  path: 'operator quota show',
  point: 'operator:read',
  summary: { zh: '一个企业的配额与用量', en: 'Show quotas and use of a corp' },
  parts: { corpId },
  async run(ctx: OperatorNeeds, { corpId }) {
    ctx.corps.get(corpId)
    const quotas = (await quotaUse(ctx, [corpId])).get(corpId) ?? []
    return { data: { corpId, quotas }, text: quotaText(quotas) }
  },
})

/** A number, or `none` for no limit. */
function quotaPart(flags: string, name: QuotaName): CommandPart<number | null | undefined> {
  const words = text(`${flags} <n>`, {
    zh: `${quotaWords[name].zh}最多多少，none 为不限`,
    en: `${quotaWords[name].en}, at most; none for any number`,
  })
  return {
    ...words,
    read(raw) {
      const given = words.read(raw)
      if (given === undefined || given === 'none') return given === undefined ? undefined : null
      if (!/^\d{1,10}$/.test(given) || Number(given) < 1 || Number(given) > quotaAtMost)
        throw new UsageError({
          zh: `${flags} 应为 1 到 ${quotaAtMost} 的整数，或 none，收到 ${JSON.stringify(given)}`,
          en: `${flags} takes an integer from 1 to ${quotaAtMost}, or none, not ${JSON.stringify(given)}`,
        })
      return Number(given)
    },
  }
}

const setQuota = command({
  path: 'operator quota set',
  point: 'operator:edit',
  summary: {
    zh: '设置一个企业的配额；没有给的不变',
    en: 'Set the quotas of a corp; what is not given stays',
  },
  details: {
    zh: '成员超出配额时照常同步，只作提醒；其余超出时拒绝。用了八成以上会提醒。',
    en: 'Members beyond the quota are synced as usual, with a warning; everything else beyond a quota is refused. A warning is given above 80 %.',
  },
  parts: {
    corpId,
    members: quotaPart('--members', 'members'),
    developers: quotaPart('--developers', 'developers'),
    callsPerDay: quotaPart('--calls', 'callsPerDay'),
    messagesPerDay: quotaPart('--messages', 'messagesPerDay'),
  },
  async run(ctx: OperatorNeeds, { corpId, ...given }) {
    const change: QuotaChange = givenOnly(given)
    if (quotaNames.every(name => change[name] === undefined))
      throw new UsageError({ zh: '没有要修改的配额', en: 'no quota to change was given' })
    await setQuotas(ctx, actor, corpId, change)
    const quotas = (await quotaUse(ctx, [corpId])).get(corpId) ?? []
    return {
      data: { corpId, quotas },
      text: said({ zh: `已保存\n\n${quotaText(quotas)}`, en: `saved\n\n${quotaText(quotas)}` }),
    }
  },
})

export const operatorCommands = [list, show, showQuota, setQuota]
