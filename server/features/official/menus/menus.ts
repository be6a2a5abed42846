import { isDeepStrictEqual } from 'node:util'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
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
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import {
  checkMenu,
  fromWire,
  fromWireButton,
  type Menu,
  toWireButtons,
  toWireRule,
  withEncodedUrls,
} from './menu.ts'
import * as store from './store.ts'

const versionsAtMost = 50

/** The newest version is the one that is edited; `n` 0 stands for none. */
export async function menuOf(
  ctx: Core,
  account: Account,
): Promise<{ n: number; menu: Menu; publishedN: number | null; failure: string | null }> {
  const [state, [newest]] = await Promise.all([
    store.menuState(ctx.db, account),
    store.menuVersions(ctx.db, account, 1),
  ])
  const empty: Menu = { buttons: [], personalised: [] }
  return { n: newest?.n ?? 0, menu: newest?.menu ?? empty, ...state }
}

export async function menuVersionsOf(ctx: Core, account: Account): Promise<store.MenuVersion[]> {
  return store.menuVersions(ctx.db, account, versionsAtMost)
}

export async function menuVersion(ctx: Core, account: Account, n: number): Promise<store.MenuVersion> {
  const version = (await menuVersionsOf(ctx, account)).find(one => one.n === n)
  if (!version)
    throw new ApiError('badParameter', {
      zh: told`没有菜单版本 ${own(n)}`,
      en: told`there is no menu version ${own(n)}`,
    })
  return version
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
  checkMenu(menu)
  return putVersion(ctx, actor, account, { menu: withEncodedUrls(menu), source: 'edit', from })
}

/** An earlier version becomes the newest. */
export async function rollBackMenu(ctx: Core, actor: string, account: Account, n: number): Promise<number> {
  const { menu } = await menuVersion(ctx, account, n)
  return putVersion(ctx, actor, account, { menu, source: 'rollback' })
}

type NewVersion = { menu: Menu; source: store.MenuVersion['source']; from?: number; isPublished?: boolean }

async function putVersion(ctx: Core, actor: string, account: Account, put: NewVersion): Promise<number> {
  const { corpId, originalId } = account
  const { menu, source, from, isPublished } = put
  return ctx.db.transaction().execute(async tx => {
    const state = await store.lockMenu(tx, account)
    const [newest] = await store.menuVersions(tx, account, 1)
    if (from !== undefined && from !== (newest?.n ?? 0))
      throw new ApiError(
        'badParameter',
        {
          zh: '菜单已被他人修改，请刷新后再改；您的修改没有保存',
          en: 'somebody else has changed the menu, so yours was not saved: reload and redo the change',
        },
        { status: 409 },
      )
    const at = new Date(ctx.now())
    const isSame = newest !== undefined && isDeepStrictEqual(newest.menu, menu)
    const n = isSame ? newest.n : (newest?.n ?? 0) + 1
    if (!isSame) {
      await store.insertMenuVersion(tx, account, { n, source, menu, actor, createdAt: at }, versionsAtMost)
      await record(tx, ctx, {
        corpId,
        actor,
        act: `official.menu.${source === 'edit' ? 'save' : source}`,
        target: originalId,
        detail: { n },
      })
    }
    if (isPublished) await store.noteMenu(tx, account, { publishedN: n, failure: null }, at)
    else await store.noteMenu(tx, account, state, at)
    return n
  })
}

/**
 * Gives WeChat the newest version. The default menu first, because WeChat checks it as a whole; then the personalised
 * ones, of which the last that is made wins. If it stops midway, the menu keeps the failure, and publishing again
 * starts from the beginning. Throws 1000, 1009 and 1011.
 */
export async function publishMenu(ctx: Core, actor: string, account: Account): Promise<number> {
  const { corpId, originalId, client } = account
  checkAbility(account, 'menu')
  const { n, menu: newest } = await menuOf(ctx, account)
  checkMenu(newest)
  // A version from WeChat's own site, or from an earlier wisp, may have others.
  const menu = withEncodedUrls(newest)
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
    await store.noteMenu(ctx.db, account, { publishedN: n, failure: wordsToStore(why) }, new Date(ctx.now()))
    throw told
  }
  await ctx.db.transaction().execute(async tx => {
    await store.noteMenu(tx, account, { publishedN: n, failure: null }, new Date(ctx.now()))
    await record(tx, ctx, { corpId, actor, act: 'official.menu.publish', target: originalId, detail: { n } })
  })
  return n
}

/** Takes the menu away, with all personalised ones. What was edited here stays. */
export async function withdrawMenu(ctx: Core, actor: string, account: Account): Promise<void> {
  const { corpId, originalId, client } = account
  checkAbility(account, 'menu')
  try {
    await deleteMenu(client)
  } catch (error) {
    throw upstreamError(error)
  }
  await ctx.db.transaction().execute(async tx => {
    await store.noteMenu(tx, account, { publishedN: null, failure: null }, new Date(ctx.now()))
    await record(tx, ctx, { corpId, actor, act: 'official.menu.withdraw', target: originalId, detail: {} })
  })
}

/**
 * Reads what WeChat has: the menus that were made by the API, or else the one that somebody made on WeChat's own site.
 * It becomes the newest version, unless it is that already. Answers undefined when there is no menu at all.
 */
export async function pullMenu(ctx: Core, actor: string, account: Account): Promise<number | undefined> {
  const menu = await readMenu(account).catch((error: unknown) => {
    throw upstreamError(error)
  })
  if (!menu) return undefined
  return putVersion(ctx, actor, account, { menu: withEncodedUrls(menu), source: 'pull', isPublished: true })
}

async function readMenu({ client }: Account): Promise<Menu | undefined> {
  const made = await getMenu(client)
  if (made) return fromWire(made)
  const { isOpen, buttons } = await getShownMenu(client)
  return isOpen && buttons.length > 0 ? { buttons: buttons.map(fromWireButton), personalised: [] } : undefined
}
