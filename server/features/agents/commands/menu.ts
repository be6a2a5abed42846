import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { requiredInteger } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import type { Apps } from '../../apps/catalog.ts'
import { agentOf } from '../agent.ts'
import type { Button } from '../menus/menu.ts'
import { menuOf, publishMenu, pullMenu } from '../menus/menus.ts'

type Needs = Core & { apps: Apps; corps: Corps }

const agentId = requiredInteger(
  '<agentId>',
  { zh: '企业微信自建应用的 AgentId', en: 'AgentId of the WeCom app' },
  agentIds,
)

const show = command({
  path: 'agent menu show',
  point: 'agent:read',
  summary: { zh: '显示应用菜单的最新版本', en: 'Show the latest version of the menu of a WeCom app' },
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const { n, menu, publishedN } = await menuOf(ctx, agentOf(ctx, corpOf(ctx, corp), agentId))
    const shown =
      publishedN === null
        ? said({ zh: '企业微信上没有', en: 'WeCom has none' })
        : said({ zh: `企业微信上是版本 ${publishedN}`, en: `WeCom has version ${publishedN}` })
    const text =
      n === 0
        ? said({ zh: '还没有菜单', en: 'there is no menu yet' })
        : [said({ zh: `版本 ${n}，${shown}`, en: `version ${n}; ${shown}` }), outline(menu.buttons, '')].join(
            '\n',
          )
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
  summary: {
    zh: '把企业微信上的应用菜单拉取为最新版本',
    en: 'Pull the menu of a WeCom app from WeCom as the latest version',
  },
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const n = await pullMenu(ctx, actor, agentOf(ctx, corpOf(ctx, corp), agentId))
    const text =
      n === undefined
        ? said({ zh: '企业微信上没有菜单', en: 'WeCom has no menu' })
        : said({ zh: `已拉取为版本 ${n}`, en: `pulled as version ${n}` })
    return { data: { n: n ?? null }, text }
  },
})

const publish = command({
  path: 'agent menu publish',
  point: 'agent:content',
  summary: {
    zh: '把应用菜单的最新版本发布到企业微信',
    en: 'Publish the latest version of the menu of a WeCom app to WeCom',
  },
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    const n = await publishMenu(ctx, actor, agentOf(ctx, corpOf(ctx, corp), agentId))
    return {
      data: { n },
      text: said({
        zh: `已发布版本 ${n}，成员重新进入应用后看到`,
        en: `published version ${n}; members see it when they next open the app`,
      }),
    }
  },
})

export const agentMenuCommands = [show, pull, publish]
