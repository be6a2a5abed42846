import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { requiredInteger } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import type { Apps } from '../../apps/catalog.ts'
import { agentOf } from '../agent.ts'
import type { Button } from '../menus/menu.ts'
import { menuOf, publishMenu, pullMenu } from '../menus/menus.ts'

type Needs = Core & { apps: Apps; corps: Corps }

const agentId = requiredInteger('<agentId>', '企业微信自建应用的 AgentId', agentIds)

const show = command({
  path: 'agent menu show',
  point: 'agent:read',
  summary: '显示应用菜单的最新版本',
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const { n, menu, publishedN } = await menuOf(ctx, agentOf(ctx, corpOf(ctx, corp), agentId))
    const shown = publishedN === null ? '企业微信上没有' : `企业微信上是版本 ${publishedN}`
    const text = n === 0 ? '还没有菜单' : [`版本 ${n}，${shown}`, outline(menu.buttons, '')].join('\n')
    return { data: { n, publishedN, menu }, text }
  },
})

function outline(buttons: readonly Button[], indent: string): string {
  return buttons
    .map(({ name, sub, type = '', ...leaf }) => {
      if (sub?.length) return `${indent}${name}\n${outline(sub, `${indent}  `)}`
      const what = [leaf.key, leaf.url, leaf.appId, leaf.pagePath, leaf.app, leaf.path].filter(Boolean)
      return [`${indent}${name}`, type, ...what].join('  ')
    })
    .join('\n')
}

const pull = command({
  path: 'agent menu pull',
  point: 'agent:content',
  summary: '把企业微信上的应用菜单拉取为最新版本',
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const n = await pullMenu(ctx, actor, agentOf(ctx, corpOf(ctx, corp), agentId))
    const text = n === undefined ? '企业微信上没有菜单' : `已拉取为版本 ${n}`
    return { data: { n: n ?? null }, text }
  },
})

const publish = command({
  path: 'agent menu publish',
  point: 'agent:content',
  summary: '把应用菜单的最新版本发布到企业微信',
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const n = await publishMenu(ctx, actor, agentOf(ctx, corpOf(ctx, corp), agentId))
    return { data: { n }, text: `已发布版本 ${n}，成员重新进入应用后看到` }
  },
})

export const agentMenuCommands = [show, pull, publish]
