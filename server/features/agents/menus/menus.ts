import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { appLink, pageOfLink } from '../../apps/app-link.ts'
import type { Apps } from '../../apps/catalog.ts'
import { checkPage } from '../../apps/workbench/open-app.ts'
import { badMenu } from '../../chat-menus/buttons.ts'
import { menusOf } from '../../chat-menus/versions.ts'
import { type AgentOfCorp, ownerOf } from '../agent.ts'
import { asPublished, checkMenu, fromWire, leavesOf, type Menu, menuLimits, toWire } from './menu.ts'

type Needs = Core & { apps: Apps; corps: Corps }

export const agentMenus = menusOf<Needs, AgentOfCorp, Menu>({
  acts: 'agent.menu',
  ownerOf,
  empty: { buttons: [] },
  check: checkMenu,
  checkFor: checkApps,
  asPublished,
  async publish(ctx, { corp, agent }, { buttons }) {
    const wire = toWire(buttons, page => appLink(ctx, corp, page))
    await fromUpstream(agent.client.menuCreate(agent.agentId, wire))
  },
  async withdraw({ agent }) {
    await fromUpstream(agent.client.menuDelete(agent.agentId))
  },
  async pull(ctx, { corp, agent }) {
    const buttons = await fromUpstream(agent.client.menuGet(agent.agentId))
    if (!buttons?.length) return undefined
    const pageOf = (url: string) => {
      const page = pageOfLink(ctx, corp, url)
      return page && ctx.apps.find(page.appId)?.corpId === corp.corpId ? page : undefined
    }
    return { buttons: fromWire(buttons, pageOf) }
  },
})

export const { menuOf, menuVersionsOf, saveMenu, rollBackMenu, publishMenu, withdrawMenu, pullMenu } =
  agentMenus

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
