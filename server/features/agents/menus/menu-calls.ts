import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { integer, optionalInteger, structured } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Apps } from '../../apps/catalog.ts'
import { menuSchema } from './menu.ts'
import {
  agentOf,
  menuOf,
  menuVersionsOf,
  publishMenu,
  pullMenu,
  rollBackMenu,
  saveMenu,
  withdrawMenu,
} from './menus.ts'

type Needs = Core & { apps: Apps; corps: Corps }

const access = administrator('super')
export const agentId = integer('企业微信自建应用的 AgentId', { min: 1, max: 2_147_483_647 })
const versionN = { ...optionalInteger('版本', { min: 1, max: 2_147_483_647 }), required: true }
const savedSchema = Type.Object({ n: Type.Number() })

export const getAgentMenu = pageCall({
  method: 'GET',
  path: '/web/agents/menu',
  point: 'agent:read',
  access,
  input: { agentId },
  output: Type.Object({
    /** Of the newest version; 0 without any. */
    n: Type.Number(),
    menu: menuSchema,
    /** The version that WeCom shows. */
    publishedN: Type.Union([Type.Number(), Type.Null()]),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const { n, menu, publishedN } = await menuOf(ctx, agentOf(ctx, corpId, input.agentId))
    return { n, menu, publishedN }
  },
})

export const saveAgentMenu = pageCall({
  method: 'POST',
  path: '/web/agents/menu/save',
  point: 'agent:content',
  access,
  input: {
    agentId,
    from: { ...optionalInteger('编辑时的版本；没有时为 0', { min: 0, max: 2_147_483_647 }), required: true },
    menu: structured('菜单', menuSchema),
  },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const agent = agentOf(ctx, corpId, input.agentId)
    return { n: await saveMenu(ctx, visitor.actor, agent, input.menu, input.from ?? 0) }
  },
})

export const publishAgentMenu = pageCall({
  method: 'POST',
  path: '/web/agents/menu/publish',
  point: 'agent:content',
  access,
  outgoing: true,
  input: { agentId },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return { n: await publishMenu(ctx, visitor.actor, agentOf(ctx, corpId, input.agentId)) }
  },
})

export const withdrawAgentMenu = pageCall({
  method: 'POST',
  path: '/web/agents/menu/withdraw',
  point: 'agent:content',
  access,
  outgoing: true,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await withdrawMenu(ctx, visitor.actor, agentOf(ctx, corpId, input.agentId))
    return {}
  },
})

export const pullAgentMenu = pageCall({
  method: 'POST',
  path: '/web/agents/menu/pull',
  point: 'agent:content',
  access,
  outgoing: true,
  input: { agentId },
  /** `n` is null when WeCom has no menu. */
  output: Type.Object({ n: Type.Union([Type.Number(), Type.Null()]) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const agent = agentOf(ctx, corpId, input.agentId)
    return { n: (await pullMenu(ctx, visitor.actor, agent)) ?? null }
  },
})

export const rollBackAgentMenu = pageCall({
  method: 'POST',
  path: '/web/agents/menu/roll-back',
  point: 'agent:content',
  access,
  input: { agentId, n: versionN },
  output: savedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const agent = agentOf(ctx, corpId, input.agentId)
    return { n: await rollBackMenu(ctx, visitor.actor, agent, input.n ?? 0) }
  },
})

export const agentMenuVersions = pageCall({
  method: 'GET',
  path: '/web/agents/menu/versions',
  point: 'agent:read',
  access,
  input: { agentId },
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
  async handle(ctx: Needs, { input, corpId }) {
    const list = await menuVersionsOf(ctx, agentOf(ctx, corpId, input.agentId))
    return { list, total: list.length }
  },
})
