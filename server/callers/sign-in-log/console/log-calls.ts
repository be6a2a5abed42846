import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Three } from '../../../organisation/three/three.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { sendJsonLines } from '../../../platform/http/answers/json-lines.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText, optionalTime, type Values } from '../../../platform/http/input.ts'
import { exporting, pageOf, paging, requiredId, several, sorting } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { languageAsked, wordsIn } from '../../../platform/words.ts'
import type { Strangers } from '../../strangers/strangers.ts'
import { hiddenMembers } from '../hidden-members.ts'
import { peopleNamed } from '../people-named.ts'
import { signInLogDays } from '../retention.ts'
import { signInLine, signInSchema, signInView } from '../sign-in-view.ts'
import { wayIn, ways } from '../sign-in-words.ts'
import * as store from '../store.ts'

type Needs = Core & { mirrors: Mirrors; strangers: Strangers; three: Three }

const filterInput = {
  appId: optionalText('应用 id；wisp 表示 wisp 本身', { max: 64 }),
  person: optionalText('成员的账号、姓名或拼音', { max: 64 }),
  way: several('方式', ways),
  result: optionalChoice('succeeded：成功的，refused：被拒绝的', ['succeeded', 'refused']),
  number: optionalText('错误页上的编号', { max: 64 }),
  from: optionalTime('从何时，ISO 时间'),
  to: optionalTime('到何时（不含），ISO 时间'),
}

export const listSignIns = pageCall({
  method: 'GET',
  path: '/web/sign-ins',
  access: administrator('super'),
  point: 'sign-in:log',
  directory: true,
  input: { ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(signInSchema),
    /** At most 10,000, which is as far as pages go. */
    total: Type.Number(),
    days: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input, request, visitor }) {
    const filter = {
      ...filterOf(ctx, corpId, input),
      notOf: hiddenMembers(ctx.three, visitor.separated?.as, corpId),
    }
    const find = () => store.findSignIns(ctx.db, filter, pageOf(input))
    if (input.number !== undefined)
      await ctx.strangers.look(async () => (await find()).total > 0 || undefined)
    const { list, total } = await find()
    const language = languageAsked(request)
    return { list: list.map(one => signInView(one, language)), total, days: signInLogDays }
  },
})

export const showSignIn = pageCall({
  method: 'GET',
  path: '/web/sign-ins/one',
  access: administrator('super'),
  point: 'sign-in:log',
  input: { id: requiredId('记录编号') },
  output: signInSchema,
  async handle(ctx: Core & { three: Three }, { corpId, input, request, visitor }) {
    const found = await store.signInWithId(ctx.db, corpId, input.id)
    if (!found || hiddenMembers(ctx.three, visitor.separated?.as, corpId)?.includes(found.memberId ?? -1))
      throw new ApiError('badParameter', {
        zh: told`没有登录记录 ${input.id}`,
        en: told`there is no sign-in ${input.id}`,
      })
    return signInView(found, languageAsked(request))
  },
})

/** The ways in which somebody signs in, for the filter. */
export const signInWays = pageCall({
  method: 'GET',
  path: '/web/sign-ins/ways',
  access: administrator('super'),
  point: 'sign-in:log',
  input: {},
  output: Type.Object({ list: Type.Array(Type.Object({ way: Type.String(), name: Type.String() })) }),
  handle(_ctx: Core, { request }) {
    const language = languageAsked(request)
    return { list: ways.map(way => ({ way, name: wordsIn(language, wayIn(way)) })) }
  },
})

const heads = {
  zh: [
    '时间',
    '账号',
    '姓名',
    '应用',
    '应用 id',
    '方式',
    '结果',
    '原因',
    'acr',
    'amr',
    '提供的信息',
    '地址',
    '浏览器',
    '编号',
  ],
  en: [
    'Time',
    'Account',
    'Name',
    'App',
    'App id',
    'Way',
    'Result',
    'Reason',
    'acr',
    'amr',
    'Given',
    'Address',
    'Browser',
    'Number',
  ],
} as const
const results = { zh: ['成功', '拒绝'], en: ['succeeded', 'refused'] } as const

/** The same list as a file; that it was taken is an act itself. */
export const exportSignIns = pageCall({
  method: 'GET',
  path: '/web/sign-ins/export',
  access: administrator('super'),
  point: 'sign-in:export',
  directory: true,
  input: { ...filterInput, ...exporting, format: optionalChoice('默认 csv', ['csv', 'jsonl']) },
  output: fileSchema,
  async handle(ctx: Needs, { corpId, input, visitor, reply }): Promise<FastifyReply> {
    const { format = 'csv', language = 'zh', ...filter } = input
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'sign-ins', input })
    const chunks = store.allSignIns(ctx.db, filterOf(ctx, corpId, filter))
    if (format === 'jsonl') return sendJsonLines(reply, { name: 'sign-ins', chunks, line: signInLine })
    return sendCsv(reply, {
      name: 'sign-ins',
      head: heads[language],
      chunks,
      cells: one => {
        const { why } = signInView(one, language)
        const result = results[language][one.reason === '' ? 0 : 1]
        return [
          ...[one.at, one.userId, one.userName, one.appName || 'wisp', one.appId],
          ...[wordsIn(language, wayIn(one.way)), result, why, one.acr, one.amr.join(' ')],
          ...[one.released.join(' '), one.address, one.userAgent, one.number],
        ]
      },
    })
  },
})

function filterOf(ctx: Needs, corpId: string, input: Values<typeof filterInput>): store.SignInFilter {
  const { appId, person, way, result, number, from, to } = input
  const named = person === undefined ? undefined : peopleNamed(ctx.mirrors.of(corpId), person)
  return { corpId, appId, person: named, way, result, number, from, to }
}
