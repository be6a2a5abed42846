import { type Static, Type } from 'typebox'
import { type QuotaChange, quotaAtMost, quotaNames } from '../../../organisation/corps/quotas/quotas.ts'
import { setQuotas } from '../../../organisation/corps/quotas/set-quotas.ts'
import { runRowSchema } from '../../../organisation/sync/runs/run-view.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { optionalChoice, optionalText, structured, text, type Values } from '../../../platform/http/input.ts'
import { exporting, pageOf, paging, several, sorting } from '../../../platform/http/list-input.ts'
import { fileSchema, time } from '../../../platform/http/output.ts'
import { operator, pageCall } from '../../../platform/http/page-call.ts'
import type { NeedsAttention } from '../../../platform/manifest/attention.ts'
import { type Language, languageAsked } from '../../../platform/words.ts'
import { needIn, needSchema } from '../../alerts/alerts.ts'
import { corpTable } from '../corp-table.ts'
import { healths } from '../health.ts'
import {
  type CorpFilter,
  corpsAsked,
  figuresOf,
  type OperatorNeeds,
  orderAsked,
  quotaFilters,
} from '../list.ts'
import { oneCorp } from '../one-corp.ts'

/** What is seen and set over all corps. */
const access = operator

const timeOrNull = Type.Union([time, Type.Null()])

const quotaSchema = Type.Object({
  name: Type.Enum(quotaNames),
  quota: Type.Number(),
  used: Type.Number(),
  state: Type.Enum(['ok', 'near', 'full', 'exceeded']),
})

const corpFiguresSchema = {
  corpId: Type.String(),
  name: Type.String(),
  health: Type.Enum(healths),
  /** What failed in the last check-up; null when there was none. */
  failing: Type.Union([Type.Array(Type.String()), Type.Null()]),
  examinedAt: timeOrNull,
  openAlerts: Type.Number(),
  /** Since when WeCom does not answer. */
  outageSince: timeOrNull,
  callbackVerified: Type.Boolean(),
  members: Type.Number(),
  departments: Type.Number(),
  /** Those that are enabled. */
  developers: Type.Number(),
  callsToday: Type.Number(),
  /** Of 30 days, as are failures and messages. */
  calls: Type.Number(),
  failures: Type.Number(),
  messagesToday: Type.Number(),
  messages: Type.Number(),
  /** How the last run ended; null when there was none yet. */
  lastSync: Type.Union([
    Type.Object({
      id: Type.Number(),
      state: Type.Enum(['failed', 'waiting', 'cancelled', 'done', 'running', 'approval']),
      at: time,
    }),
    Type.Null(),
  ]),
  /** What people uploaded. */
  files: Type.Number(),
  fileBytes: Type.Number(),
  quotas: Type.Array(quotaSchema),
  suspendedAt: timeOrNull,
  suspendedReason: Type.String(),
  connectedAt: time,
}

const filterInput = {
  search: optionalText('名称、拼音或企业 ID', { max: 64 }),
  health: several('状态', healths),
  suspended: optionalChoice('1: 已暂停的，0: 没有暂停的', ['0', '1'] as const),
  quota: optionalChoice('near: 用了八成以上；full: 有用完的；set: 设了配额', quotaFilters),
}

function askedBy({ suspended, ...asked }: Values<typeof filterInput>): CorpFilter {
  return { ...asked, suspended: suspended === undefined ? undefined : suspended === '1' }
}

export const listOperatorCorps = pageCall({
  method: 'GET',
  path: '/web/operator/corps',
  point: 'operator:read',
  access,
  input: { ...filterInput, ...paging, sort: sorting },
  output: Type.Object({ list: Type.Array(Type.Object(corpFiguresSchema)), total: Type.Number() }),
  async handle(ctx: OperatorNeeds, { input, request }) {
    const { corpIds, total } = await corpsAsked(ctx, askedBy(input), orderAsked(input.sort), pageOf(input))
    return { list: await figuresOf(ctx, corpIds, languageAsked(request)), total }
  },
})

const inChunk = 500

/** The same list as a file. */
export const exportOperatorCorps = pageCall({
  method: 'GET',
  path: '/web/operator/corps/export',
  point: 'operator:read',
  access,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: OperatorNeeds, { input, visitor, reply }) {
    const { corpIds } = await corpsAsked(ctx, askedBy(input), orderAsked(input.sort))
    await recordExport(ctx, { corpId: null, actor: visitor.actor, list: 'corps', input })
    const language = input.language ?? 'zh'
    const { head, cells } = corpTable(language)
    return sendCsv(reply, { name: 'corps', head, chunks: inChunks(ctx, corpIds, language), cells })
  },
})

async function* inChunks(ctx: OperatorNeeds, corpIds: readonly string[], language: Language) {
  for (let at = 0; at < corpIds.length; at += inChunk)
    yield await figuresOf(ctx, corpIds.slice(at, at + inChunk), language)
}

/** Not `corpId`, which is the corp that the console is about. */
const of = text('企业 ID', { max: 64 })

const maybeQuota = Type.Optional(Type.Number())
const oneCorpSchema = Type.Object({
  ...corpFiguresSchema,
  /** Beijing days, the earliest first. */
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      calls: Type.Number(),
      failures: Type.Number(),
      messages: Type.Number(),
    }),
  ),
  runs: Type.Array(runRowSchema),
  needs: Type.Array(needSchema),
  administrators: Type.Array(
    Type.Object({ userId: Type.String(), userName: Type.String(), level: Type.Number() }),
  ),
  quotaSettings: Type.Object({
    members: maybeQuota,
    developers: maybeQuota,
    callsPerDay: maybeQuota,
    messagesPerDay: maybeQuota,
  }),
  /** Of the quotas. */
  version: Type.String(),
})

export const showOperatorCorp = pageCall({
  method: 'GET',
  path: '/web/operator/corp',
  point: 'operator:read',
  access,
  input: { of },
  output: oneCorpSchema,
  handle: (ctx: OperatorNeeds & { needsAttention: NeedsAttention }, { input, request }) =>
    viewOf(ctx, input.of, languageAsked(request)),
})

async function viewOf(
  ctx: OperatorNeeds & { needsAttention: NeedsAttention },
  corpId: string,
  language: Language,
): Promise<Static<typeof oneCorpSchema>> {
  const { needs, ...corp } = await oneCorp(ctx, corpId, language)
  return { ...corp, needs: needs.map(one => needIn(language, one)) }
}

const quotaInput = Type.Optional(
  Type.Union([Type.Integer({ minimum: 1, maximum: quotaAtMost }), Type.Null()]),
)

export const saveQuotas = pageCall({
  method: 'POST',
  path: '/web/operator/quotas',
  point: 'operator:edit',
  access,
  input: {
    of,
    version: text('页面所见的版本', { max: 64 }),
    quotas: structured(
      '配额；null 为不限，没有的不变',
      Type.Object(
        {
          members: quotaInput,
          developers: quotaInput,
          callsPerDay: quotaInput,
          messagesPerDay: quotaInput,
        },
        { additionalProperties: false },
      ),
    ),
  },
  output: oneCorpSchema,
  async handle(
    ctx: OperatorNeeds & { needsAttention: NeedsAttention },
    { input, visitor, request },
  ): Promise<Static<typeof oneCorpSchema>> {
    await setQuotas(ctx, visitor.actor, input.of, input.quotas as QuotaChange, input.version)
    return viewOf(ctx, input.of, languageAsked(request))
  },
})
