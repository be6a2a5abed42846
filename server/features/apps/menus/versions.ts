import { type Static, Type } from 'typebox'
import { type Detail, record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told, wordsOfOthers } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { App } from '../app.ts'
import { locked, staleWords } from '../apps.ts'
import * as store from '../store.ts'
import { BadMenu, countItems, type Menu, menuText, readMenu } from './menu.ts'

const versionsKept = 50

export const storedMenuSchema = Type.Object({
  outcome: Type.Enum(['new', 'same']),
  n: Type.Number(),
})
export type StoredMenu = Static<typeof storedMenuSchema>
type Author = { actor: string; source: store.MenuVersion['source']; detail?: Detail }

/**
 * Makes this the app's menu, as a new version unless it equals the current one. The caller holds a lock on the app's
 * row.
 */
export async function putMenu(tx: Db, ctx: Core, app: App, menu: Menu, by: Author): Promise<StoredMenu> {
  const current = app.menuN === null ? undefined : await store.menuVersion(tx, app.id, app.menuN)
  if (current && menuText(current.menu) === menuText(menu)) return { outcome: 'same', n: current.n }
  const items = countItems(menu)
  const version = { source: by.source, items, actor: by.actor, createdAt: new Date(ctx.now()), menu }
  const n = await store.appendMenuVersion(tx, app.id, version, versionsKept)
  await record(tx, ctx, {
    corpId: app.corpId,
    actor: by.actor,
    act: `app.menu.${by.source}`,
    target: app.id,
    detail: { n, items, ...by.detail },
  })
  await signal(tx, 'wisp_config', app.corpId)
  return { outcome: 'new', n }
}

/**
 * Saves the content of the tree editor. `basedOn` is the version that it was opened with, null when there was none.
 * Throws 1000 for an app that syncs its menu, an outdated editor, or an invalid menu.
 */
export async function saveMenu(
  ctx: Core,
  actor: string,
  app: App,
  list: unknown,
  basedOn: number | null,
): Promise<StoredMenu> {
  const saved = await ctx.db.transaction().execute(async tx => {
    const now = await locked(tx, app.corpId, app.id)
    if (now.syncMenu)
      throw new ApiError('badParameter', {
        zh: '该应用的菜单由同步得到，不能手工修改；如需修改，请先关闭同步菜单',
        en: 'the menu of this app comes from its menu sync and cannot be edited by hand: switch the menu sync off first',
      })
    if (now.menuN !== basedOn) {
      const last = now.menuN === null ? undefined : await store.menuVersion(tx, app.id, now.menuN)
      throw new ApiError(
        'badParameter',
        staleWords(ctx, last?.actor ?? '', last?.createdAt ?? new Date(ctx.now())),
        { status: 409 },
      )
    }
    return putMenu(tx, ctx, now, readMenuOrRefuse(list, now), { actor, source: 'edit' })
  })
  await ctx.reloadConfig(app.corpId)
  return saved
}

/** Restores an earlier version as a new one. Throws 1000 when that version is no longer kept. */
export async function rollBackMenu(ctx: Core, actor: string, app: App, n: number): Promise<StoredMenu> {
  const done = await ctx.db.transaction().execute(async tx => {
    const now = await locked(tx, app.corpId, app.id)
    const { menu } = await versionOf(tx, app, n)
    return putMenu(tx, ctx, now, menu, { actor, source: 'rollback', detail: { to: n } })
  })
  await ctx.reloadConfig(app.corpId)
  return done
}

export type MenuVersionView = store.MenuVersion & { isCurrent: boolean }

/** The versions that are still kept, newest first. */
export async function menuVersionsOf(ctx: Core, app: App): Promise<MenuVersionView[]> {
  const versions = await store.menuVersions(ctx.db, app.id)
  return versions.map(version => ({ ...version, isCurrent: version.n === app.menuN }))
}

/** Throws 1000 when the version is not kept. */
export async function versionOf(db: Db, app: App, n: number): Promise<store.MenuVersion & { menu: Menu }> {
  const version = await store.menuVersion(db, app.id, n)
  if (!version)
    throw new ApiError('badParameter', {
      zh: told`没有菜单版本 ${own(n)}`,
      en: told`there is no menu version ${own(n)}`,
    })
  return version
}

function readMenuOrRefuse(list: unknown, app: App): Menu {
  try {
    return readMenu(list, app.homeUrl || app.mobileUrl)
  } catch (error) {
    if (error instanceof BadMenu) throw new ApiError('badParameter', wordsOfOthers(error.words))
    throw error
  }
}
