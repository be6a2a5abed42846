import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalInteger, text } from '../../../platform/http/input.ts'
import { languageOf, storedWords, wordsIn } from '../../../platform/words.ts'
import { tryMenu } from '../../../upstream/official/calls/menu.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { menuCalls } from '../../chat-menus/menu-calls.ts'
import { checkAbility } from '../accounts/abilities.ts'
import { accountCall } from '../accounts/account-call.ts'
import { fromWireButton, menuSchema } from './menu.ts'
import { accountMenus, menuOf } from './menus.ts'
import { clicksOf } from './store.ts'

const getMenu = accountCall({
  method: 'GET',
  path: '/menu',
  right: 'read',
  output: Type.Object({
    /** Of the newest version; 0 without any. */
    n: Type.Number(),
    menu: menuSchema,
    /** The version that WeChat shows. */
    publishedN: Type.Union([Type.Number(), Type.Null()]),
    /** Why the last publishing stopped midway. */
    failure: Type.Union([Type.String(), Type.Null()]),
  }),
  async handle(ctx: Core, { of, request }) {
    const { failure, ...menu } = await menuOf(ctx, of)
    const language = languageOf(request.headers['accept-language'])
    return { ...menu, failure: failure === null ? null : wordsIn(language, storedWords(failure)) }
  },
})

/** What one follower is shown, as WeChat says. */
const tryMenuCall = accountCall({
  method: 'GET',
  path: '/menu/try',
  right: 'read',
  outgoing: true,
  input: { openid: text('粉丝的 OpenID', { max: 64 }) },
  output: Type.Object({ buttons: menuSchema.properties.buttons }),
  async handle(_ctx: Core, { input, of }) {
    checkAbility(of, 'personalisedMenu')
    return { buttons: (await fromUpstream(tryMenu(of.client, input.openid))).map(fromWireButton) }
  },
})

const dayMs = 86_400_000

const clicks = accountCall({
  method: 'GET',
  path: '/menu/clicks',
  right: 'read',
  input: { days: optionalInteger('最近几天', { min: 1, max: 180 }) },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        key: Type.String(),
        kind: Type.String(),
        clicks: Type.Number(),
        people: Type.Number(),
      }),
    ),
  }),
  async handle(ctx: Core, { input, of }) {
    return { list: await clicksOf(ctx.db, of, new Date(ctx.now() - (input.days ?? 30) * dayMs)) }
  },
})

export const accountMenuCalls = [
  getMenu,
  ...menuCalls(accountCall, accountMenus, menuSchema, {}),
  tryMenuCall,
  clicks,
] as const
