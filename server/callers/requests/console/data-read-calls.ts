import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { leftPeople } from '../../../organisation/directory/store.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalText, optionalTime } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall, person } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Developers } from '../../developers/developers.ts'
import { type DataReadFilter, findDataReads } from '../data-reads/data-read-store.ts'
import { daysOfDataReads, type Requests } from '../requests.ts'

type Reads = Core & { corps: Corps; developers: Developers; requests: Requests }
type Needs = Reads & { mirrors: Mirrors }

const readSchema = Type.Object({
  at: time,
  devId: Type.String(),
  /** '' when the developer is gone; of a program that asks by LDAP, its name. */
  developer: Type.String(),
  path: Type.String(),
  /** Wire names of what was given. */
  fields: Type.Array(Type.String()),
})

/** Which developer got whose data by which call, answer by answer. */
export const listDataReads = pageCall({
  method: 'GET',
  path: '/web/developers/data-reads',
  access: administrator('super'),
  point: 'developer:log',
  directory: true,
  input: {
    userId: optionalText('只看这个成员的', { max: 64 }),
    devId: optionalText('开发者', { max: 64 }),
    from: optionalTime('从何时，ISO 时间'),
    to: optionalTime('到何时，ISO 时间'),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        ...readSchema.properties,
        people: Type.Integer(),
        /** Names of the first few. */
        names: Type.Array(Type.String()),
      }),
    ),
    total: Type.Integer(),
    /** Name of the member of the filter; '' without one. */
    member: Type.String(),
    /** For how many days reads are kept; 0: not at all. */
    days: Type.Integer(),
  }),
  async handle(ctx: Needs, { corpId, input }) {
    const { userId, devId } = input
    const days = daysOfDataReads(ctx.corps.get(corpId))
    const mirror = ctx.mirrors.of(corpId)
    const key = userKey(userId ?? '')
    const member = userId
      ? (mirror.members.byKey(key) ?? (await leftPeople(ctx.db, corpId, key, 1))[0])
      : undefined
    if (userId && !member) throw new ApiError('unknownMember', told`${userId}`)
    const filter = { corpId, memberId: member?.id, devId, from: input.from, to: input.to }
    const { list, total } = await readsOf(ctx, filter, pageOf(input))
    const namesOf = (ids: readonly number[]) => {
      const others = ids.filter(id => id !== member?.id).flatMap(id => mirror.members.byId(id)?.name ?? [])
      return member ? [member.name, ...others] : others
    }
    return {
      list: list.map(({ memberIds, ...row }) => ({ ...row, names: namesOf(memberIds).slice(0, 3) })),
      total,
      member: member?.name ?? '',
      days,
    }
  },
})

/** Shows members which programs read their data. */
export const ownDataReads = pageCall({
  method: 'GET',
  path: '/web/portal/data-reads',
  access: person,
  input: paging,
  output: Type.Object({ list: Type.Array(readSchema), total: Type.Integer(), days: Type.Integer() }),
  async handle(ctx: Reads, { corpId, input, visitor }) {
    const days = daysOfDataReads(ctx.corps.get(corpId))
    const memberId = visitor.member?.id
    if (memberId === undefined) return { list: [], total: 0, days }
    return { ...(await readsOf(ctx, { corpId, memberId }, pageOf(input))), days }
  },
})

type DataReadQuery = Omit<DataReadFilter, 'from' | 'to'> & { from?: Date | undefined; to?: Date | undefined }

async function readsOf(
  ctx: Reads,
  { from, to, ...filter }: DataReadQuery,
  page: { limit: number; offset: number },
) {
  await ctx.requests.flush()
  const oldest = ctx.now() - daysOfDataReads(ctx.corps.get(filter.corpId)) * 86_400_000
  const since = new Date(Math.max(oldest, from?.getTime() ?? 0))
  const { list, total } = await findDataReads(
    ctx.db,
    { ...filter, from: since, to: to ?? new Date(ctx.now()) },
    page,
  )
  const nameOf = ({ devId, path }: { devId: string; path: string }) =>
    devId === '' ? path : (ctx.developers.get(devId)?.name ?? '')
  return { list: list.map(row => ({ ...row, developer: nameOf(row) })), total }
}
