import { isDeepStrictEqual } from 'node:util'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { auditTarget, type Owner } from '../auto-replies/conversation-owner.ts'
import * as store from './store.ts'

/** What the feature that has the owners says of their menus. */
export type MenuKind<Menu> = {
  /** With what the names of changes in the audit log begin. */
  acts: 'official.menu' | 'agent.menu'
  /** Of an owner that has none yet. */
  empty: Menu
  /** Throws 1000, saying which button is wrong. */
  check(menu: Menu): void
  /** As the vendor writes it, so that a menu that was published and is read back is still the same version. */
  asPublished(menu: Menu): Menu
}

/** Who changes a menu, and whose it is. */
export type By<Menu> = { actor: string; kind: MenuKind<Menu>; owner: Owner }

const versionsAtMost = 50

/** The newest version is the one that is edited; `n` 0 stands for none. */
export async function menuOf<Menu>(
  ctx: Core,
  { empty }: MenuKind<Menu>,
  owner: Owner,
): Promise<{ n: number; menu: Menu; publishedN: number | null; failure: string | null }> {
  const [state, [newest]] = await Promise.all([
    store.menuState(ctx.db, owner),
    store.menuVersions<Menu>(ctx.db, owner, 1),
  ])
  return { n: newest?.n ?? 0, menu: newest?.menu ?? empty, ...state }
}

export async function menuVersionsOf<Menu>(ctx: Core, owner: Owner): Promise<store.MenuVersion<Menu>[]> {
  return store.menuVersions<Menu>(ctx.db, owner, versionsAtMost)
}

/** Throws 1000. */
export async function menuVersion<Menu>(
  ctx: Core,
  owner: Owner,
  n: number,
): Promise<store.MenuVersion<Menu>> {
  const version = (await menuVersionsOf<Menu>(ctx, owner)).find(one => one.n === n)
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
export async function saveMenu<Menu>(ctx: Core, by: By<Menu>, menu: Menu, from: number): Promise<number> {
  by.kind.check(menu)
  return putVersion(ctx, by, { menu: by.kind.asPublished(menu), source: 'edit', from })
}

/** An earlier version becomes the newest. */
export async function rollBackMenu<Menu>(ctx: Core, by: By<Menu>, n: number): Promise<number> {
  const { menu } = await menuVersion<Menu>(ctx, by.owner, n)
  return putVersion(ctx, by, { menu, source: 'rollback' })
}

/** What the vendor shows becomes the newest version, unless it is that already. */
export async function keepPulled<Menu>(ctx: Core, by: By<Menu>, menu: Menu): Promise<number> {
  return putVersion(ctx, by, { menu: by.kind.asPublished(menu), source: 'pull', isPublished: true })
}

/** The vendor shows this version now. */
export async function notePublished<Menu>(ctx: Core, by: By<Menu>, n: number): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.noteMenu(tx, by.owner, { publishedN: n, failure: null }, new Date(ctx.now()))
    await note(tx, ctx, by, 'publish', { n })
  })
}

/** The vendor may show a part of this version. */
export async function noteHalfPublished(ctx: Core, owner: Owner, n: number, failure: string): Promise<void> {
  await store.noteMenu(ctx.db, owner, { publishedN: n, failure }, new Date(ctx.now()))
}

/** The vendor shows no menu any more. */
export async function noteWithdrawn<Menu>(ctx: Core, by: By<Menu>): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.noteMenu(tx, by.owner, { publishedN: null, failure: null }, new Date(ctx.now()))
    await note(tx, ctx, by, 'withdraw', {})
  })
}

type NewVersion<Menu> = {
  menu: Menu
  source: store.MenuVersion<Menu>['source']
  from?: number
  isPublished?: boolean
}

async function putVersion<Menu>(ctx: Core, by: By<Menu>, put: NewVersion<Menu>): Promise<number> {
  const { owner, actor } = by
  const { menu, source, from, isPublished } = put
  return ctx.db.transaction().execute(async tx => {
    const state = await store.lockMenu(tx, owner)
    const [newest] = await store.menuVersions<Menu>(tx, owner, 1)
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
      const version = { n, source, menu, actor, createdAt: at }
      await store.insertMenuVersion(tx, owner, version, versionsAtMost)
      await note(tx, ctx, by, source === 'edit' ? 'save' : source, { n })
    }
    await store.noteMenu(tx, owner, isPublished ? { publishedN: n, failure: null } : state, at)
    return n
  })
}

function note<Menu>(
  tx: Db,
  ctx: Core,
  { kind, owner, actor }: By<Menu>,
  act: 'save' | 'pull' | 'rollback' | 'publish' | 'withdraw',
  detail: { n?: number },
): Promise<void> {
  const { corpId } = owner
  return record(tx, ctx, { corpId, actor, act: `${kind.acts}.${act}`, target: auditTarget(owner), detail })
}
