import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type DueItem, dueAtMost, type WaitingRow, waitingIcons } from '../../../platform/manifest/waiting.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { type Apps, visibleApps } from '../catalog.ts'

/** What all features say waits for the person. */
export const myWaiting = pageCall({
  method: 'GET',
  path: '/web/portal/waiting',
  access: person,
  directory: true,
  unattended: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        icon: Type.Enum(waitingIcons),
        title: Type.String(),
        count: Type.Integer(),
        /** What the row opens: an app, or a page of the person's own. */
        to: Type.Enum(['messages', 'todos', 'app']),
        /** '' unless it is an app. */
        appId: Type.String(),
      }),
    ),
    /** What of it is due first, over all rows, the first due first. */
    due: Type.Array(
      Type.Object({
        icon: Type.Enum(waitingIcons),
        title: Type.String(),
        note: Type.String(),
        dueAt: time,
        to: Type.Enum(['messages', 'todos', 'app', 'todo']),
        /** '' unless it is an app. */
        appId: Type.String(),
        /** Of a to-do, or of what else it is; tells it from others of the same `to`. */
        id: Type.Number(),
      }),
    ),
    /** A feature could not say what waits. */
    isPartial: Type.Boolean(),
  }),
  async handle(
    ctx: Core & { apps: Apps; corps: Corps; mirrors: Mirrors; offered: FeatureOffers },
    { visitor, corpId, request },
  ) {
    const { rows, failures } = await ctx.offered.waiting(corpId, visitor)
    for (const { feature, error } of failures)
      ctx.log.error({ feature, ...describeError(error) }, 'what waits for a person was not found out')
    const language = languageOf(request.headers['accept-language'])
    const open = new Set(visibleApps(ctx, corpId, visitor).map(app => app.id))
    const shown = rows.filter(({ link }) => link.to !== 'app' || open.has(link.appId))
    return {
      list: shown.map(({ icon, count, link, title }) => ({
        icon,
        count,
        title: wordsIn(language, title),
        ...placeOf(link),
      })),
      due: firstDue(shown),
      isPartial: failures.length > 0,
    }
  },
})

function firstDue(rows: readonly WaitingRow[]) {
  return rows
    .flatMap(({ icon, due = [] }) => due.map(item => ({ icon, ...item })))
    .sort((one, other) => one.dueAt.getTime() - other.dueAt.getTime())
    .slice(0, dueAtMost)
    .map(({ link, ...item }) => ({ ...item, ...placeOf(link) }))
}

function placeOf<T extends (WaitingRow | DueItem)['link']>(link: T) {
  return { to: link.to as T['to'], appId: link.to === 'app' ? link.appId : '' }
}
