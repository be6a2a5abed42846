import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/http/words.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import type { Corps } from '../corps.ts'
import { isOn } from './check-on.ts'
import { switchFeatures } from './switch.ts'

type Needs = Core & { corps: Corps; offered: Offered }

const superAdministrator = administrator('super')

/** What the corp can switch off, and what that would mean now. */
export const listFeatures = pageCall({
  method: 'GET',
  path: '/web/features',
  access: superAdministrator,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        name: Type.String(),
        title: Type.String(),
        brings: Type.String(),
        isOn: Type.Boolean(),
        /** Why it cannot be switched off now. */
        keptOnBy: Type.Array(Type.String()),
        /** What goes on when it is switched off. */
        goesOn: Type.Array(Type.String()),
      }),
    ),
  }),
  async handle(ctx: Needs, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const said = (words: Parameters<typeof wordsIn>[1]) => wordsIn(language, words)
    const list = await Promise.all(
      [...ctx.offered.optional.values()].map(async ({ name, title, brings, keptOnBy, goesOn }) => ({
        name,
        title: said(title),
        brings: said(brings),
        isOn: isOn(ctx, corpId, name),
        keptOnBy: (await keptOnBy(ctx.db, corpId)).map(said),
        goesOn: (await goesOn(corpId)).map(said),
      })),
    )
    return { list }
  },
})

export const switchFeature = pageCall({
  method: 'POST',
  path: '/web/features/switch',
  access: superAdministrator,
  input: { feature: text('功能', { max: 40 }), on: flag('1: 开启，0: 关闭') },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, visitor, input }) {
    await switchFeatures(ctx, visitor.actor, corpId, { [input.feature]: input.on })
    return {}
  },
})
