import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { optionalText, optionalTime, type Values } from '../../../platform/http/input.ts'
import { exporting, pageOf, paging, sorting } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Developers } from '../../developers/developers.ts'
import { findPeopleRead } from '../people-store.ts'
import type { Requests } from '../requests.ts'

type Needs = Core & { corps: Corps; developers: Developers; requests: Requests }

/** 数据读取: people in the answers that developers got. */
const access = administrator('super')

const filterInput = {
  devId: optionalText('开发者', { max: 64 }),
  from: optionalTime('从何日，ISO 时间'),
  to: optionalTime('到何日，ISO 时间'),
}

const keptDays = 400
const dayMs = 86_400_000

export const listPeopleRead = pageCall({
  method: 'GET',
  path: '/web/developers/people-read',
  point: 'developer:log',
  access,
  input: { ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        day: Type.String(),
        devId: Type.String(),
        /** '' when the developer is gone. */
        developer: Type.String(),
        path: Type.String(),
        answers: Type.Number(),
        people: Type.Number(),
      }),
    ),
    total: Type.Number(),
    /** People in all answers of the list. */
    people: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input }) {
    const rows = await rowsOf(ctx, corpId, input)
    const { offset, limit } = pageOf(input)
    return {
      list: rows.slice(offset, offset + limit),
      total: rows.length,
      people: rows.reduce((all, row) => all + row.people, 0),
    }
  },
})

const heads = {
  zh: ['日期', 'devId', '开发者', '接口', '应答次数', '人次'],
  en: ['Day', 'devId', 'Developer', 'Call', 'Answers', 'People'],
} as const

export const exportPeopleRead = pageCall({
  method: 'GET',
  path: '/web/developers/people-read/export',
  point: 'developer:export',
  access,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const rows = await rowsOf(ctx, corpId, input)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'peopleRead', input })
    return sendCsv(reply, {
      name: 'people-read',
      head: heads[input.language ?? 'zh'],
      chunks: [rows],
      cells: ({ day, devId, developer, path, answers, people }) => [
        day,
        devId,
        developer,
        path,
        answers,
        people,
      ],
    })
  },
})

async function rowsOf(ctx: Needs, corpId: string, { devId, from, to }: Values<typeof filterInput>) {
  await ctx.requests.flush()
  const rows = await findPeopleRead(ctx.db, {
    corpId,
    devId,
    from: dayOf(from?.getTime() ?? ctx.now() - keptDays * dayMs),
    to: dayOf(to?.getTime() ?? ctx.now()),
  })
  return rows.map(row => ({
    ...row,
    answers: Number(row.answers),
    people: Number(row.people),
    developer: ctx.developers.get(row.devId)?.name ?? '',
  }))
}
