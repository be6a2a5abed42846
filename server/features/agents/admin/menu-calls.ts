import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { integer, optionalStructured } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { Apps } from '../../apps/catalog.ts'
import { agentOf } from '../agent.ts'
import { menuSchema } from '../menus/menu.ts'
import { menuOf, menuVersionsOf, publishMenu, pullMenu, saveMenu } from '../menus/menus.ts'

type Needs = Core & { apps: Apps; corps: Corps }

const agentId = integer(
  { zh: '应用的 AgentId', en: 'AgentId of the application' },
  { min: 1, max: 2_147_483_647 },
)
const sampleMenu = {
  buttons: [
    { name: '审批', type: 'app' as const, app: 'a1b2c3', path: '/approvals' },
    { name: '更多', sub: [{ name: '官网', type: 'view' as const, url: 'https://example.com/' }] },
  ],
}
const shownN = Type.Union([Type.Number(), Type.Null()], {
  about: { zh: '企业微信上显示的版本；null 为没有', en: 'The version that WeCom shows; null: none' },
})

export const adminAgentMenu = adminCall({
  method: 'GET',
  path: '/api/admin/agent/menu',
  summary: { zh: '应用在企业微信里的菜单与版本', en: 'The menu of an agent in WeCom, and its versions' },
  scope: 'admin:read',
  point: 'agent:read',
  reach: 'corp',
  input: { agentId },
  output: Type.Object({
    n: Type.Number({ about: { zh: '最新的版本；0 为还没有', en: 'The newest version; 0: none yet' } }),
    publishedN: shownN,
    menu: menuSchema,
    versions: Type.Array(
      Type.Object({
        n: Type.Number(),
        source: Type.Enum(['edit', 'pull', 'rollback'], { about: { zh: '来源', en: 'Where it is from' } }),
        actor: Type.String(),
        createdAt: time,
        publishedAt: Type.Union([time, Type.Null()]),
      }),
    ),
  }),
  errors: [],
  sample: {
    n: 1,
    publishedN: 1,
    menu: sampleMenu,
    versions: [
      {
        n: 1,
        source: 'edit',
        actor: 'admin',
        createdAt: '2026-11-26T08:00:00.000Z',
        publishedAt: '2026-11-26T08:01:00.000Z',
      },
    ],
  },
  sampleInput: { agentId: '{agentId}' },
  async handle(ctx: Needs, { corpId, input }) {
    const agent = agentOf(ctx, corpId, input.agentId)
    const [{ n, menu, publishedN }, versions] = await Promise.all([
      menuOf(ctx, agent),
      menuVersionsOf(ctx, agent),
    ])
    return { n, publishedN, menu, versions: versions.map(({ menu: _menu, ...one }) => one) }
  },
})

export const adminPullAgentMenu = adminCall({
  method: 'POST',
  path: '/api/admin/agent/menu/pull',
  summary: { zh: '拉取应用在企业微信里的菜单', en: 'Pull the menu of an agent from WeCom' },
  scope: 'admin:apps',
  point: 'agent:content',
  reach: 'corp',
  outgoing: true,
  input: { agentId },
  output: Type.Object({ n: shownN }),
  errors: ['upstream'],
  sample: { n: 2 },
  sampleInput: { agentId: '{agentId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    return { n: (await pullMenu(ctx, caller.actor, agentOf(ctx, corpId, input.agentId))) ?? null }
  },
})

export const adminPublishAgentMenu = adminCall({
  method: 'POST',
  path: '/api/admin/agent/menu/publish',
  summary: { zh: '发布应用的菜单到企业微信', en: 'Publish the menu of an agent to WeCom' },
  description: {
    zh: '给出 menu 则先存为新版本，否则发布最新的版本。',
    en: 'A given menu is stored as a version first; otherwise the newest version is published.',
  },
  scope: 'admin:apps',
  point: 'agent:content',
  reach: 'corp',
  outgoing: true,
  input: { agentId, menu: optionalStructured({ zh: '菜单', en: 'The menu' }, menuSchema) },
  output: Type.Object({ n: Type.Number({ about: { zh: '发布的版本', en: 'The version' } }) }),
  errors: ['upstream'],
  sample: { n: 3 },
  sampleInput: { agentId: '{agentId}', menu: sampleMenu },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const agent = agentOf(ctx, corpId, input.agentId)
    if (input.menu) {
      const { n } = await menuOf(ctx, agent)
      await saveMenu(ctx, caller.actor, agent, input.menu, n)
    }
    return { n: await publishMenu(ctx, caller.actor, agent) }
  },
})
