import { type Agent, type Corp, type Corps, unknownAgent } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { appLink, pageOfLink } from '../../apps/app-link.ts'
import type { Apps } from '../../apps/catalog.ts'
import { checkPage } from '../../apps/workbench/open-app.ts'
import { agentOwner } from '../../auto-replies/conversation-owner.ts'
import { badMenu } from '../../chat-menus/buttons.ts'
import type { MenuVersion } from '../../chat-menus/store.ts'
import * as versions from '../../chat-menus/versions.ts'
import { agentMenus, fromWire, leavesOf, type Menu, menuLimits, toWire } from './menu.ts'

type Needs = Core & { apps: Apps; corps: Corps }

/** An agent that a corp lets wisp use. */
export type AgentOfCorp = { corp: Corp; agent: Agent }

/** Throws 1000. */
export function agentOf(ctx: { corps: Corps }, corpId: string, agentId: number): AgentOfCorp {
  const corp = ctx.corps.get(corpId)
  const agent = corp.agents.find(one => one.agentId === agentId)
  if (!agent) throw unknownAgent(agentId)
  return { corp, agent }
}

const ownerOf = ({ corp, agent }: AgentOfCorp) => agentOwner(corp.corpId, agent.agentId)

const inVersions = (actor: string, of: AgentOfCorp): versions.By<Menu> => ({
  actor,
  kind: agentMenus,
  owner: ownerOf(of),
})

/** The newest version is the one that is edited; `n` 0 stands for none. */
export const menuOf = (ctx: Core, of: AgentOfCorp) => versions.menuOf(ctx, agentMenus, ownerOf(of))

export function menuVersionsOf(ctx: Core, of: AgentOfCorp): Promise<MenuVersion<Menu>[]> {
  return versions.menuVersionsOf(ctx, ownerOf(of))
}

/**
 * Stores a menu as the newest version, and publishes nothing. `from` is the version that was edited; when somebody else
 * has saved since, throws 1000.
 */
export async function saveMenu(
  ctx: Needs,
  actor: string,
  of: AgentOfCorp,
  menu: Menu,
  from: number,
): Promise<number> {
  agentMenus.check(menu)
  await checkApps(ctx, of, menu)
  return versions.saveMenu(ctx, inVersions(actor, of), menu, from)
}

/** An earlier version becomes the newest. */
export function rollBackMenu(ctx: Core, actor: string, of: AgentOfCorp, n: number): Promise<number> {
  return versions.rollBackMenu(ctx, inVersions(actor, of), n)
}

/** Gives WeCom the newest version, in the place of what it has. Throws 1000, 1009 and 1011. */
export async function publishMenu(ctx: Needs, actor: string, of: AgentOfCorp): Promise<number> {
  const { corp, agent } = of
  const { n, menu } = await menuOf(ctx, of)
  agentMenus.check(menu)
  // An app may have gone since the version was saved.
  await checkApps(ctx, of, menu)
  const buttons = toWire(agentMenus.asPublished(menu).buttons, page => appLink(ctx, corp, page))
  await fromUpstream(agent.client.menuCreate(agent.agentId, buttons))
  await versions.notePublished(ctx, inVersions(actor, of), n)
  return n
}

/** Takes the menu away at WeCom. What was edited here stays. */
export async function withdrawMenu(ctx: Core, actor: string, of: AgentOfCorp): Promise<void> {
  await fromUpstream(of.agent.client.menuDelete(of.agent.agentId))
  await versions.noteWithdrawn(ctx, inVersions(actor, of))
}

/** What WeCom has becomes the newest version, unless it is that already. Answers undefined when there is no menu at all. */
export async function pullMenu(ctx: Needs, actor: string, of: AgentOfCorp): Promise<number | undefined> {
  const { corp, agent } = of
  const buttons = await fromUpstream(agent.client.menuGet(agent.agentId))
  if (!buttons?.length) return undefined
  const pageOf = (url: string) => {
    const page = pageOfLink(ctx, corp, url)
    return page && ctx.apps.find(page.appId)?.corpId === corp.corpId ? page : undefined
  }
  return versions.keepPulled(ctx, inVersions(actor, of), { buttons: fromWire(buttons, pageOf) })
}

/** Whoever presses a button that opens an app should find it. Throws 1000, naming the button. */
async function checkApps(ctx: Needs, { corp }: AgentOfCorp, menu: Menu): Promise<void> {
  for (const { leaf, at } of leavesOf(menu)) {
    if (leaf.type !== 'app' || !leaf.app) continue
    const app = ctx.apps.find(leaf.app)
    if (app?.corpId !== corp.corpId)
      throw badMenu(`按钮 ${at} 的应用不存在：${leaf.app}`, `button ${at}: there is no app ${leaf.app}`)
    if (leaf.path) await checkPage(ctx, app, leaf.path)
    const bytes = Buffer.byteLength(appLink(ctx, corp, { appId: app.id, path: leaf.path }))
    if (bytes > menuLimits.urlBytes)
      throw badMenu(
        `按钮 ${at} 的页面地址太长：链接有 ${bytes} 字节，最多 ${menuLimits.urlBytes} 字节`,
        `button ${at}: the link has ${bytes} bytes, at most ${menuLimits.urlBytes}`,
      )
  }
}
