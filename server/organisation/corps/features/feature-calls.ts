import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { UnreadyStep } from '../../../platform/manifest/setup/unready.ts'
import { languageOf, type Words, wordsIn } from '../../../platform/words.ts'
import type { Corps } from '../corps.ts'
import { isOn } from './check-on.ts'
import { nextStep } from './check-ready.ts'
import { switchFeatures } from './switch.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const superAdministrator = administrator('super')

/** What the corp can switch off, and what that would mean now. */
export const listFeatures = pageCall({
  method: 'GET',
  path: '/web/features',
  access: superAdministrator,
  point: 'corp:read',
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
        /** What has to be set up before it works; null when it works, or is off. */
        next: Type.Union([
          Type.Object({ what: Type.String(), fix: Type.String(), act: Type.String(), path: Type.String() }),
          Type.Null(),
        ]),
      }),
    ),
  }),
  async handle(ctx: Needs, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const said = (words: Words) => wordsIn(language, words)
    const list = await Promise.all(
      [...ctx.offered.optional.values()].map(async ({ name, title, brings, keptOnBy, goesOn }) => ({
        name,
        title: said(title),
        brings: said(brings),
        isOn: isOn(ctx, corpId, name),
        keptOnBy: (await keptOnBy(ctx.db, corpId)).map(said),
        goesOn: (await goesOn(corpId)).map(said),
        next: nextOf(nextStep(ctx, corpId, name), said),
      })),
    )
    return { list }
  },
})

function nextOf(next: UnreadyStep | undefined, said: (words: Words) => string) {
  if (!next) return null
  const { what, fix, act, path } = next
  return { what: said(what), fix: said(fix), act: said(act), path }
}

export const switchFeature = pageCall({
  method: 'POST',
  path: '/web/features/switch',
  access: superAdministrator,
  point: 'corp:feature',
  input: { feature: text('功能', { max: 40 }), on: flag('1: 开启，0: 关闭') },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, visitor, input }) {
    await switchFeatures(ctx, visitor.actor, corpId, { [input.feature]: input.on })
    return {}
  },
})
