import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalInteger, structured, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, storedWords, wordsIn } from '../../../platform/http/words.ts'
import { tryMenu } from '../../../upstream/official/calls/menu.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { fromWireButton, menuSchema } from './menu.ts'
import {
  menuOf,
  menuVersionsOf,
  publishMenu,
  pullMenu,
  rollBackMenu,
  saveMenu,
  withdrawMenu,
} from './menus.ts'
import { clicksOf } from './store.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const versionN = { ...optionalInteger('版本', { min: 1, max: 2_147_483_647 }), required: true }
const savedSchema = Type.Object({ n: Type.Number() })

export const getMenuCall = pageCall({
  method: 'GET',
  path: '/web/official/menu',
  point: 'official:read',
  access,
  input: { originalId },
  output: Type.Object({
    /** Of the newest version; 0 without any. */
    n: Type.Number(),
    menu: menuSchema,
    /** The version that WeChat shows. */
    publishedN: Type.Union([Type.Number(), Type.Null()]),
    /** Why the last publishing stopped midway. */
    failure: Type.Union([Type.String(), Type.Null()]),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { failure, ...menu } = await menuOf(ctx, account)
    const language = languageOf(request.headers['accept-language'])
    return { ...menu, failure: failure === null ? null : wordsIn(language, storedWords(failure)) }
  },
})

export const saveMenuCall = pageCall({
  method: 'POST',
  path: '/web/official/menu/save',
  point: 'official:content',
  access,
  input: {
    originalId,
    from: { ...optionalInteger('编辑时的版本；没有时为 0', { min: 0, max: 2_147_483_647 }), required: true },
    menu: structured('菜单', menuSchema),
  },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { n: await saveMenu(ctx, visitor.actor, account, input.menu, input.from ?? 0) }
  },
})

export const publishMenuCall = pageCall({
  method: 'POST',
  path: '/web/official/menu/publish',
  point: 'official:content',
  access,
  input: { originalId },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return { n: await publishMenu(ctx, visitor.actor, accountFor(ctx, visitor, corpId, input.originalId)) }
  },
})

export const withdrawMenuCall = pageCall({
  method: 'POST',
  path: '/web/official/menu/withdraw',
  point: 'official:content',
  access,
  input: { originalId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await withdrawMenu(ctx, visitor.actor, accountFor(ctx, visitor, corpId, input.originalId))
    return {}
  },
})

export const pullMenuCall = pageCall({
  method: 'POST',
  path: '/web/official/menu/pull',
  point: 'official:content',
  access,
  outgoing: true,
  input: { originalId },
  /** `n` is null when WeChat has no menu. */
  output: Type.Object({ n: Type.Union([Type.Number(), Type.Null()]) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { n: (await pullMenu(ctx, visitor.actor, account)) ?? null }
  },
})

export const rollBackMenuCall = pageCall({
  method: 'POST',
  path: '/web/official/menu/roll-back',
  point: 'official:content',
  access,
  input: { originalId, n: versionN },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { n: await rollBackMenu(ctx, visitor.actor, account, input.n ?? 0) }
  },
})

export const menuVersionsCall = pageCall({
  method: 'GET',
  path: '/web/official/menu/versions',
  point: 'official:read',
  access,
  input: { originalId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        n: Type.Number(),
        source: Type.Enum(['edit', 'pull', 'rollback']),
        actor: Type.String(),
        createdAt: time,
        publishedAt: Type.Union([time, Type.Null()]),
        menu: menuSchema,
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const list = await menuVersionsOf(ctx, accountFor(ctx, visitor, corpId, input.originalId))
    return { list, total: list.length }
  },
})

/** What one follower is shown, as WeChat says. */
export const tryMenuCall = pageCall({
  method: 'GET',
  path: '/web/official/menu/try',
  point: 'official:read',
  access,
  outgoing: true,
  input: { originalId, openid: text('粉丝的 OpenID', { max: 64 }) },
  output: Type.Object({ buttons: menuSchema.properties.buttons }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    checkAbility(account, 'personalisedMenu')
    try {
      return { buttons: (await tryMenu(account.client, input.openid)).map(fromWireButton) }
    } catch (error) {
      throw upstreamError(error)
    }
  },
})

const dayMs = 86_400_000

export const menuClicksCall = pageCall({
  method: 'GET',
  path: '/web/official/menu/clicks',
  point: 'official:read',
  access,
  input: { originalId, days: optionalInteger('最近几天', { min: 1, max: 180 }) },
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
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const since = new Date(ctx.now() - (input.days ?? 30) * dayMs)
    return { list: await clicksOf(ctx.db, account, since) }
  },
})
