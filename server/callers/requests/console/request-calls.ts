import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { ApiError, codes } from '../../../platform/http/errors.ts'
import { optionalText, optionalTime, text, type Values } from '../../../platform/http/input.ts'
import {
  exporting,
  type Paging,
  pageOf,
  paging,
  several,
  sorting,
} from '../../../platform/http/list-input.ts'
import { fileSchema, time } from '../../../platform/http/output.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, languageAsked, storedWords, wordsIn } from '../../../platform/words.ts'
import { vendors } from '../../../upstream/catalogue/entry.ts'
import { getDevToken } from '../../developers/api.ts'
import { checkDeveloper } from '../../developers/console/developers.ts'
import type { Developers } from '../../developers/developers.ts'
import { developerUsage } from '../../developers/overview.ts'
import { explainUpstream } from '../explain-upstream.ts'
import { toldParams, toldUnknown } from '../params.ts'
import { keptSince, type Requests } from '../requests.ts'
import * as store from '../store.ts'

type Needs = Core & { corps: Corps; developers: Developers; requests: Requests }

/** The request log (接口日志). Owners have to name their developer; without one it is that of all. */
const access = owner

const rowSchema = Type.Object({
  requestId: Type.String(),
  /** When the call began. */
  at: time,
  devId: Type.String(),
  /** '' when the developer is gone. */
  developer: Type.String(),
  path: Type.String(),
  method: Type.String(),
  code: Type.String(),
  /** What the code means, in the reader's language. */
  meaning: Type.String(),
  ms: Type.Number(),
  address: Type.String(),
  params: Type.Record(Type.String(), Type.String()),
  /** Why it failed, in the reader's language; '' for what succeeded and where the meaning of the code says it all. */
  reason: Type.String(),
  /** What makes the next such call succeed, as in the store. */
  mend: Type.String(),
  /** Inputs that the call does not know, in words. */
  unknown: Type.Array(Type.String()),
  /** How much of what it was asked for was refused, though it succeeded. */
  refused: Type.Number(),
  /** What a vendor said to a call that was passed on, with what it means in the reader's language; null for all others. */
  upstream: Type.Union([
    Type.Object({ vendor: Type.Enum(vendors), errcode: Type.Number(), meaning: Type.String() }),
    Type.Null(),
  ]),
})
type Row = Static<typeof rowSchema>

const minuteSchema = Type.Object({
  minute: time,
  /** `pace`: more in a second than are kept; `memory`: the database was away for too long. */
  reason: Type.Enum(['pace', 'memory']),
  succeeded: Type.Number(),
  failed: Type.Number(),
})

const filterInput = {
  devId: optionalText('开发者', { max: 64 }),
  path: optionalText('接口', { max: 128 }),
  outcome: several('failed：失败的，partly：部分被拒绝的，succeeded：成功的', [
    'failed',
    'partly',
    'succeeded',
  ]),
  code: optionalText('返回码', { max: 8 }),
  requestId: optionalText('应答的 x-request-id', { max: 64 }),
  from: optionalTime('从何时，ISO 时间'),
  to: optionalTime('到何时（不含），ISO 时间'),
}
type Filter = Values<typeof filterInput>

export const listRequests = pageCall({
  method: 'GET',
  path: '/web/developers/requests',
  point: 'developer:log',
  access,
  input: { ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(rowSchema),
    /** At most 10,000, which is as far as pages go. */
    total: Type.Number(),
    /** For how many days the corp's calls are kept; 0: they are not. */
    days: Type.Number(),
    /** Minutes of this page in which calls were not kept, the latest first. */
    gaps: Type.Array(minuteSchema),
  }),
  async handle(ctx: Needs, { corpId, input, request }) {
    const filter = await filterOf(ctx, corpId, input)
    const page = pageOf(input)
    const { list, total } = await store.findCalls(ctx.db, filter, page)
    const isLast = page.offset + list.length >= total
    const days = ctx.corps.get(corpId).requestLogDays
    const hasGaps = days > 0 && input.requestId === undefined
    const gaps = hasGaps ? await gapsOf(ctx, filter, list, input, isLast) : []
    const language = languageAsked(request)
    const rows = list.map(call => rowOf(ctx, call, language))
    return { list: rows, total, days, gaps }
  },
})

const gapsShown = 60

/** Gaps between the page's last and first call; on the first and last page, also those up to the ends of the list. */
async function gapsOf(
  ctx: Core,
  filter: store.CallFilter,
  list: readonly store.LoggedCall[],
  { pageNo = 1 }: Paging,
  isLast: boolean,
) {
  const { corpId, devId } = filter
  const oldest = list.at(-1)
  const from = isLast || !oldest ? filter.from : minuteOf(oldest.at)
  const to = pageNo === 1 ? filter.to : list[0]?.at
  return store.findGaps(ctx.db, { corpId, devId, from: minuteOf(from), to }, gapsShown)
}

const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000)

const heads = {
  zh: [
    '时间',
    'devId',
    '开发者',
    '接口',
    '方法',
    '返回码',
    '毫秒',
    '地址',
    '请求编号',
    '参数',
    '原因',
    '未知参数',
    '上游返回码',
    '被拒绝几项',
  ],
  en: [
    'Time',
    'devId',
    'Developer',
    'Call',
    'Method',
    'Code',
    'Milliseconds',
    'Address',
    'Request id',
    'Inputs',
    'Reason',
    'Unknown inputs',
    'Code of the vendor',
    'Refused',
  ],
} as const

/** The same list as a file. */
export const exportRequests = pageCall({
  method: 'GET',
  path: '/web/developers/requests/export',
  point: 'developer:export',
  access,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const filter = await filterOf(ctx, corpId, input)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'requests', input })
    return sendCsv(reply, {
      name: 'requests',
      head: heads[input.language ?? 'zh'],
      chunks: store.allCalls(ctx.db, filter),
      cells: ({
        at,
        devId,
        path,
        method,
        code,
        ms,
        address,
        requestId,
        params,
        reason,
        unknown,
        upstream,
        refused,
      }) => [
        at,
        devId,
        ctx.developers.get(devId)?.name ?? '',
        path,
        method,
        code,
        ms,
        address,
        requestId,
        JSON.stringify(toldParams(params, input.language ?? 'zh')),
        wordsIn(input.language ?? 'zh', storedWords(reason)),
        unknown.map(one => toldUnknown(one, input.language ?? 'zh')).join('; '),
        upstream,
        refused,
      ],
    })
  },
})

export const showRequest = pageCall({
  method: 'GET',
  path: '/web/developers/requests/one',
  point: 'developer:log',
  access,
  input: { requestId: text('应答的 x-request-id', { max: 64 }), devId: filterInput.devId },
  output: rowSchema,
  async handle(ctx: Needs, { corpId, input, request }) {
    const { requestId, devId } = input
    const filter = await filterOf(ctx, corpId, { requestId, devId })
    const [call] = (await store.findCalls(ctx.db, filter, { limit: 1, offset: 0 })).list
    if (!call)
      throw new ApiError('badParameter', {
        zh: told`没有请求 ${requestId} 的日志：编号不对，或已过保留期`,
        en: told`there is no log of request ${requestId}: the id is wrong, or its retention is over`,
      })
    return rowOf(ctx, call, languageAsked(request))
  },
})

/** The calls to filter by: those that the log has, or that a developer made. */
export const requestPaths = pageCall({
  method: 'GET',
  path: '/web/developers/requests/paths',
  point: 'developer:log',
  access,
  input: { devId: filterInput.devId },
  output: Type.Object({ list: Type.Array(Type.String()) }),
  async handle(ctx: Needs, { corpId, input: { devId } }) {
    if (devId === undefined) return { list: await store.loggedPaths(ctx.db, corpId, keptSince(ctx, corpId)) }
    checkDeveloper(ctx, corpId, devId)
    const usage = await developerUsage(ctx, devId, ctx.corps.get(corpId).requestLogDays + 1)
    return { list: [...new Set([...usage.map(one => one.endpoint), getDevToken.path])].sort() }
  },
})

async function filterOf(ctx: Needs, corpId: string, input: Partial<Filter>): Promise<store.CallFilter> {
  const { devId, path, outcome, code, requestId, from, to } = input
  if (devId !== undefined) checkDeveloper(ctx, corpId, devId)
  await ctx.requests.flush()
  const since = keptSince(ctx, corpId)
  return {
    corpId,
    devId,
    path,
    code,
    outcomes: outcome,
    requestId,
    from: from && from > since ? from : since,
    to,
  }
}

const meanings = new Map<string, { zh: string; en: string }>(Object.values(codes).map(one => [one.code, one]))

function rowOf({ developers }: Needs, { corpId: _, ...call }: store.LoggedCall, language: Language): Row {
  return {
    ...call,
    developer: developers.get(call.devId)?.name ?? '',
    meaning: meanings.get(call.code)?.[language] ?? '',
    params: toldParams(call.params, language),
    reason: wordsIn(language, storedWords(call.reason)),
    unknown: call.unknown.map(one => toldUnknown(one, language)),
    upstream: explainUpstream(call.upstream, language),
  }
}
