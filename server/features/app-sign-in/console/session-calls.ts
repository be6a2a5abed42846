import { Type } from 'typebox'
import { peopleOf } from '../../../callers/developers/owners/owner-store.ts'
import type { Core } from '../../../platform/core.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageAsked, storedWords, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { recentLogouts } from '../logouts/store.ts'
import { openAppSessionsOfApp } from '../session-store.ts'
import { appId } from './settings-input.ts'

type Needs = Core & { apps: Apps }

const personProperties = { userId: Type.String(), userName: Type.String() }
const timeOrNull = Type.Union([time, Type.Null()])

/** Lists who is signed in to an application by wisp, as far as wisp can tell: the application may have ended its own session. */
export const listAppSessions = pageCall({
  method: 'GET',
  path: '/web/apps/sign-in/sessions',
  range: 'app',
  access: administrator('super'),
  point: 'sign-in:log',
  input: { id: appId, ...paging },
  output: Type.Object({
    list: Type.Array(Type.Object({ id: Type.String(), ...personProperties, startedAt: time })),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const app = ctx.apps.get(corpId, input.id)
    const { list, total } = await openAppSessionsOfApp(ctx.db, corpId, app.id, pageOf(input))
    const named = await namesOf(ctx, corpId, list)
    return { total, list: list.map(({ id, memberId, startedAt }) => ({ id, ...named(memberId), startedAt })) }
  },
})

/** Which application was told of which logout, and what it answered. */
export const listAppLogouts = pageCall({
  method: 'GET',
  path: '/web/apps/sign-in/logouts',
  range: 'app',
  access: administrator('super'),
  point: 'sign-in:log',
  input: { id: appId, ...paging },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Number(),
        ...personProperties,
        uri: Type.String(),
        cause: Type.Enum(['sign-out', 'app', 'administrator', 'left']),
        state: Type.Enum(['waiting', 'done', 'failed']),
        attempts: Type.Number(),
        /** Of HTTP; null where there was no answer. */
        status: Type.Union([Type.Number(), Type.Null()]),
        error: Type.String(),
        createdAt: time,
        endedAt: timeOrNull,
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const app = ctx.apps.get(corpId, input.id)
    const { limit, offset } = pageOf(input)
    // One more than the page, because logouts are not counted.
    const rows = await recentLogouts(ctx.db, corpId, { appId: app.id, limit: limit + 1, offset })
    const list = rows.slice(0, limit)
    const named = await namesOf(ctx, corpId, list)
    const language = languageAsked(request)
    return {
      total: offset + rows.length,
      list: list.map(({ id, memberId, uri, cause, state, attempts, status, error, createdAt, endedAt }) => ({
        id,
        ...named(memberId),
        uri,
        cause,
        state,
        attempts,
        status,
        createdAt,
        endedAt,
        error: wordsIn(language, storedWords(error)),
      })),
    }
  },
})

async function namesOf({ db }: Core, corpId: string, rows: readonly { memberId: number }[]) {
  const people = await peopleOf(db, corpId, [...new Set(rows.map(row => row.memberId))])
  const byId = new Map(people.map(one => [one.memberId, one]))
  return (memberId: number) => {
    const one = byId.get(memberId)
    return { userId: one?.userId ?? '', userName: one?.name ?? '' }
  }
}
