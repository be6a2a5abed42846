import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import {
  addPersonalisedMenu,
  createMenu,
  deleteMenu,
  deletePersonalisedMenu,
  getMenu,
  getShownMenu,
} from '../../../upstream/official/calls/menu.ts'
import { fromUpstream, upstreamError } from '../../../upstream/upstream-error.ts'
import { menusOf } from '../../chat-menus/versions.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { ownerOf } from '../replies/account-rules.ts'
import {
  asPublished,
  checkMenu,
  fromWire,
  fromWireButton,
  type Menu,
  toWireButtons,
  toWireRule,
} from './menu.ts'

export const accountMenus = menusOf<Core, Account, Menu>({
  acts: 'official.menu',
  ownerOf,
  empty: { buttons: [], personalised: [] },
  check: checkMenu,
  checkMay: account => checkAbility(account, 'menu'),
  asPublished,
  publish: async (_ctx, account, menu, halfway) => putMenu(account, menu, halfway),
  withdraw: ({ client }) => fromUpstream(deleteMenu(client)),
  pull: (_ctx, account) => fromUpstream(readMenu(account)),
})

export const { menuOf, menuVersionsOf, saveMenu, rollBackMenu, publishMenu, withdrawMenu, pullMenu } =
  accountMenus

/**
 * The default menu first, because WeChat checks it as a whole; then the personalised ones, of which the last that is made wins.
 */
async function putMenu(account: Account, menu: Menu, halfway: (why: string) => Promise<void>): Promise<void> {
  const { client } = account
  if (menu.personalised.length > 0) checkAbility(account, 'personalisedMenu')
  await fromUpstream(createMenu(client, toWireButtons(menu.buttons)))
  try {
    const before = await getMenu(client)
    for (const old of before?.personalised ?? []) await deletePersonalisedMenu(client, old.menuId)
    for (const { buttons, rule } of menu.personalised.toReversed())
      await addPersonalisedMenu(client, toWireButtons(buttons), toWireRule(rule))
  } catch (error) {
    const told = upstreamError(error)
    const why: Words | string = told instanceof ApiError ? told.detail : String(error)
    await halfway(wordsToStore(why))
    throw told
  }
}

/** The menus that were made by the API, or else the one that somebody made on WeChat's own site. */
async function readMenu({ client }: Account): Promise<Menu | undefined> {
  const made = await getMenu(client)
  if (made) return fromWire(made)
  const { isOpen, buttons } = await getShownMenu(client)
  return isOpen && buttons.length > 0 ? { buttons: buttons.map(fromWireButton), personalised: [] } : undefined
}
