import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Words, wordsToStore } from '../../../platform/http/words.ts'
import {
  addPersonalisedMenu,
  createMenu,
  deleteMenu,
  deletePersonalisedMenu,
  getMenu,
  getShownMenu,
} from '../../../upstream/official/calls/menu.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import type { MenuVersion } from '../../chat-menus/store.ts'
import * as versions from '../../chat-menus/versions.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { ownerOf } from '../replies/account-rules.ts'
import {
  accountMenus,
  checkMenu,
  fromWire,
  fromWireButton,
  type Menu,
  toWireButtons,
  toWireRule,
} from './menu.ts'

const inVersions = (actor: string, account: Account): versions.By<Menu> => ({
  actor,
  kind: accountMenus,
  owner: ownerOf(account),
})

/** The newest version is the one that is edited; `n` 0 stands for none. */
export const menuOf = (ctx: Core, account: Account) => versions.menuOf(ctx, accountMenus, ownerOf(account))

export function menuVersionsOf(ctx: Core, account: Account): Promise<MenuVersion<Menu>[]> {
  return versions.menuVersionsOf(ctx, ownerOf(account))
}

/**
 * Stores a menu as the newest version, and publishes nothing. `from` is the version that was edited; when somebody else
 * has saved since, throws 1000.
 */
export async function saveMenu(
  ctx: Core,
  actor: string,
  account: Account,
  menu: Menu,
  from: number,
): Promise<number> {
  return versions.saveMenu(ctx, inVersions(actor, account), menu, from)
}

/** An earlier version becomes the newest. */
export function rollBackMenu(ctx: Core, actor: string, account: Account, n: number): Promise<number> {
  return versions.rollBackMenu(ctx, inVersions(actor, account), n)
}

/**
 * Gives WeChat the newest version. The default menu first, because WeChat checks it as a whole; then the personalised
 * ones, of which the last that is made wins. If it stops midway, the menu keeps the failure, and publishing again
 * starts from the beginning. Throws 1000, 1009 and 1011.
 */
export async function publishMenu(ctx: Core, actor: string, account: Account): Promise<number> {
  const { client } = account
  checkAbility(account, 'menu')
  const { n, menu: newest } = await menuOf(ctx, account)
  checkMenu(newest)
  // A version from WeChat's own site, or from an earlier wisp, may have others.
  const menu = accountMenus.asPublished(newest)
  if (menu.personalised.length > 0) checkAbility(account, 'personalisedMenu')
  try {
    await createMenu(client, toWireButtons(menu.buttons))
  } catch (error) {
    throw upstreamError(error)
  }
  try {
    const before = await getMenu(client)
    for (const old of before?.personalised ?? []) await deletePersonalisedMenu(client, old.menuId)
    for (const { buttons, rule } of menu.personalised.toReversed())
      await addPersonalisedMenu(client, toWireButtons(buttons), toWireRule(rule))
  } catch (error) {
    const told = upstreamError(error)
    const why: Words | string = told instanceof ApiError ? told.detail : String(error)
    await versions.noteHalfPublished(ctx, ownerOf(account), n, wordsToStore(why))
    throw told
  }
  await versions.notePublished(ctx, inVersions(actor, account), n)
  return n
}

/** Takes the menu away, with all personalised ones. What was edited here stays. */
export async function withdrawMenu(ctx: Core, actor: string, account: Account): Promise<void> {
  checkAbility(account, 'menu')
  try {
    await deleteMenu(account.client)
  } catch (error) {
    throw upstreamError(error)
  }
  await versions.noteWithdrawn(ctx, inVersions(actor, account))
}

/**
 * Reads what WeChat has: the menus that were made by the API, or else the one that somebody made on WeChat's own site.
 * It becomes the newest version, unless it is that already. Answers undefined when there is no menu at all.
 */
export async function pullMenu(ctx: Core, actor: string, account: Account): Promise<number | undefined> {
  const menu = await readMenu(account).catch((error: unknown) => {
    throw upstreamError(error)
  })
  return menu && versions.keepPulled(ctx, inVersions(actor, account), menu)
}

async function readMenu({ client }: Account): Promise<Menu | undefined> {
  const made = await getMenu(client)
  if (made) return fromWire(made)
  const { isOpen, buttons } = await getShownMenu(client)
  return isOpen && buttons.length > 0 ? { buttons: buttons.map(fromWireButton), personalised: [] } : undefined
}
