import { createContext, use } from 'react'
import { useText } from '../../ui/text.ts'
import type { Button, Group, Menu, TextField } from './draft.ts'

const accountCalls = {
  menu: '/web/official/menu',
  save: '/web/official/menu/save',
  publish: '/web/official/menu/publish',
  withdraw: '/web/official/menu/withdraw',
  pull: '/web/official/menu/pull',
  rollBack: '/web/official/menu/roll-back',
  versions: '/web/official/menu/versions',
} as const

const agentCalls = {
  menu: '/web/agents/menu',
  save: '/web/agents/menu/save',
  publish: '/web/agents/menu/publish',
  withdraw: '/web/agents/menu/withdraw',
  pull: '/web/agents/menu/pull',
  rollBack: '/web/agents/menu/roll-back',
  versions: '/web/agents/menu/versions',
} as const

/** Whose menu is edited, and what its vendor allows. */
export type MenuOwner = {
  calls: typeof accountCalls
  /** What names the owner in each call. */
  input: { originalId: string }
  name: string
  area: 'official-menu' | 'agent-menu'
  /** By type, the fields that it needs; in the order in which types are offered. `shown` are only shown. */
  types: Readonly<Record<string, readonly TextField[]>>
  shownType: string
  subNameBytes: number
  /** Menus of one owner, each under the words that lead to it. */
  groupsOf(menu: Menu): Group[]
}

const accountTypes = {
  view: ['url'],
  click: ['key'],
  miniprogram: ['appId', 'pagePath', 'url'],
  article_view_limited: ['articleId'],
  article_id: ['articleId'],
  scancode_waitmsg: ['key'],
  scancode_push: ['key'],
  pic_photo_or_album: ['key'],
  pic_sysphoto: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['mediaId'],
  view_limited: ['mediaId'],
  site: ['key'],
} as const

const agentTypes = {
  app: ['app', 'path'],
  view: ['url'],
  click: ['key'],
  view_miniprogram: ['appId', 'pagePath'],
  scancode_waitmsg: ['key'],
  scancode_push: ['key'],
  pic_photo_or_album: ['key'],
  pic_sysphoto: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  other: ['key'],
} as const

/** docs/upstream/official-menus.md#buttons */
export function accountMenu(
  account: { originalId: string; name: string },
  groupsOf: MenuOwner['groupsOf'],
): MenuOwner {
  return {
    calls: accountCalls,
    input: { originalId: account.originalId },
    name: account.name,
    area: 'official-menu',
    types: accountTypes,
    shownType: 'site',
    subNameBytes: 60,
    groupsOf,
  }
}

/**
 * docs/upstream/wecom-menus.md#buttons. The calls of both are alike but for the types of buttons, so that the compiler sees one kind
 * of them.
 */
export function agentMenu(agent: { agentId: number; name: string }): MenuOwner {
  return {
    calls: agentCalls as unknown as typeof accountCalls,
    input: { agentId: agent.agentId } as unknown as { originalId: string },
    name: agent.name,
    area: 'agent-menu',
    types: agentTypes,
    shownType: 'other',
    subNameBytes: 40,
    groupsOf: ({ buttons }) => [{ path: '', buttons: buttons as Button[] }],
  }
}

const CurrentOwner = createContext<MenuOwner | undefined>(undefined)
export const MenuOf = CurrentOwner.Provider

export function useMenuOwner(): MenuOwner {
  const owner = use(CurrentOwner)
  if (!owner) throw new Error('nobody owns this menu')
  return owner
}

/** The texts of this kind of owner. */
export function useMenuText() {
  return useText(useMenuOwner().area)
}

/** What an act changes. */
export const refreshMenus = ['/web/official/menu', '/web/agents/menu']
