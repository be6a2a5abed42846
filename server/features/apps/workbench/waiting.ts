import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/http/words.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { waitingIcons } from '../../../platform/manifest/waiting.ts'
import { describeError } from '../../../platform/operation/log.ts'
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
    const list = rows.map(({ link, title, ...row }) => ({
      ...row,
      title: wordsIn(language, title),
      to: link.to,
      appId: link.to === 'app' ? link.appId : '',
    }))
    return {
      list: list.filter(row => row.appId === '' || open.has(row.appId)),
      isPartial: failures.length > 0,
    }
  },
})
