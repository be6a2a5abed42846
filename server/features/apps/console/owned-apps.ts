import { Type } from 'typebox'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import type { Apps } from '../catalog.ts'

/** The apps that belong to a developer, which its owners see and administrators change. */
export const listOwnedApps = pageCall({
  method: 'GET',
  path: '/web/developers/apps',
  access: owner,
  point: 'developer:read',
  input: { devId: text('devId', { max: 64 }) },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        enabled: Type.Boolean(),
        homeUrl: Type.String(),
        mobileUrl: Type.String(),
        /** The origins whose pages may get a ticket. */
        origins: Type.Array(Type.String()),
      }),
    ),
  }),
  handle(ctx: Core & { apps: Apps; developers: Developers }, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    const list = ctx.apps.ofCorp(corpId).filter(app => app.devId === input.devId)
    return {
      list: list.map(({ id, name, enabled, homeUrl, mobileUrl, origins }) => ({
        id,
        name,
        enabled,
        homeUrl,
        mobileUrl,
        origins: [...origins],
      })),
    }
  },
})
