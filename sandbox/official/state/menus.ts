import type { Account } from './account.ts'
import type { Button } from './button.ts'
import type { Follower } from './followers.ts'
import type { Records } from './records.ts'

/** A menu made by the API: the default one, or a personalised one with its rule (docs/upstream/official-menus.md#calls). */
export interface Menu {
  menuid: number
  button: Button[]
  /** In ms. */
  at: number
  matchrule?: { tag_id?: string; client_platform_type?: string }
}

/** By menuid; the default one stands at `default`. Oldest first. */
export const menusOf = (account: Account): Records<Menu> => account.collection<Menu>('menus')

export const defaultMenu = (account: Account): Menu | undefined => menusOf(account).get('default')

export const conditionalMenus = (account: Account): Menu[] =>
  menusOf(account)
    .values()
    .filter(menu => menu.matchrule !== undefined)

/** The buttons that a follower sees, which the account's console may have made later than the API. */
export function menuOf(account: Account, follower: Follower): Button[] {
  const menu = defaultMenu(account)
  const { siteMenu } = account.settings
  if (siteMenu && (!menu || siteMenu.at > menu.at)) return siteMenu.button
  const match = conditionalMenus(account).findLast(one => matches(one, follower))
  return (match ?? menu)?.button ?? []
}

function matches({ matchrule }: Menu, follower: Follower): boolean {
  const { tag_id, client_platform_type } = matchrule ?? {}
  // Of several tags the one that was put on last counts.
  if (tag_id && String(follower.tags.at(-1)) !== tag_id) return false
  return !client_platform_type || String(follower.platform) === client_platform_type
}
