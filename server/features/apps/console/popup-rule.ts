import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { limitPopups, popupsAreLimited } from '../popup-rule.ts'

/** Which pages popups may show: those of any site, or only those on the asking app's registered origins. */
export const getPopupRule = pageCall({
  method: 'GET',
  path: '/web/apps/popups',
  access: administrator('super'),
  point: 'app:read',
  input: {},
  output: Type.Object({
    registeredOnly: Type.Boolean(),
  }),
  async handle(ctx: Core, { corpId }) {
    return { registeredOnly: await popupsAreLimited(ctx.db, corpId) }
  },
})

export const setPopupRule = pageCall({
  method: 'POST',
  path: '/web/apps/popups-set',
  access: administrator('super'),
  point: 'app:edit',
  input: { rule: choice('弹窗能显示哪里的页面', ['any', 'registered']) },
  output: Type.Object({
    registeredOnly: Type.Boolean(),
  }),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await limitPopups(ctx, visitor.actor, corpId, input.rule)
    return { registeredOnly: input.rule === 'registered' }
  },
})
