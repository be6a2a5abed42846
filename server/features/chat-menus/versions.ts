import { isDeepStrictEqual } from 'node:util'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { auditTarget, type Owner } from '../auto-replies/conversation-owner.ts'
import * as store from './store.ts'

/** What the feature that has the owners says of their menus, and how it reaches the vendor. `O` is an owner as that feature has it. */
export type MenuKind<C, O, Menu> = {
  /** With what the names of changes in the audit log begin. */
  acts: 'official.menu' | 'agent.menu'
  ownerOf(of: O): Owner
  /** Of an owner that has none yet. */
  empty: Menu
  /** Throws 1000, saying which button is wrong. */
  check(menu: Menu): void
  /** What only this owner's menus need. Throws 1000. */
  checkFor?(ctx: C, of: O, menu: Menu): Promise<void>
  /** Throws 1009 where the vendor lets the owner have none. */
  checkMay?(of: O): void
  /** As the vendor writes it, so that a menu that was published and is read back is still the same version. */
  asPublished(menu: Menu): Menu
  /** Gives the vendor the menu in the place of what it has. `halfway` notes why it stopped in the midst. Throws 1009 and 1011. */
  publish(ctx: C, of: O, menu: Menu, halfway: (why: string) => Promise<void>): Promise<void>
  withdraw(of: O): Promise<void>
  /** What the vendor has; undefined when there is no menu at all. */
  pull(ctx: C, of: O): Promise<Menu | undefined>
}

/** Who changes a menu, and whose it is. */
type MenuEditor<O> = { actor: string; of: O }

/** What is done with the menus of owners of this kind; `actor` is who does it. */
export type Menus<C, O, Menu> = ReturnType<typeof menusOf<C & Core, O, Menu>>

export function menusOf<C extends Core, O, Menu>(kind: MenuKind<C, O, Menu>) {
  return {
    menuOf: (ctx: Core, of: O) => menuOf(ctx, kind, of),
    menuVersionsOf: (ctx: Core, of: O) => menuVersionsOf(ctx, kind, of),
    saveMenu: (ctx: C, actor: string, of: O, menu: Menu, from: number) =>
      saveMenu(ctx, kind, { actor, of }, menu, from),
    rollBackMenu: (ctx: Core, actor: string, of: O, n: number) => rollBackMenu(ctx, kind, { actor, of }, n),
    publishMenu: (ctx: C, actor: string, of: O) => publishMenu(ctx, kind, { actor, of }),
    withdrawMenu: (ctx: Core, actor: string, of: O) => withdrawMenu(ctx, kind, { actor, of }),
    pullMenu: (ctx: C, actor: string, of: O) => pullMenu(ctx, kind, { actor, of }),
  }
}

const versionsAtMost = 50

/** The newest version is the one that is edited; `n` 0 stands for none. */
async function menuOf<O, Menu>(
  ctx: Core,
  { empty, ownerOf }: MenuKind<never, O, Menu>,
  of: O,
): Promise<{ n: number; menu: Menu; publishedN: number | null; failure: string | null }> {
  const [state, [newest]] = await Promise.all([
    store.menuState(ctx.db, ownerOf(of)),
    store.menuVersions<Menu>(ctx.db, ownerOf(of), 1),
  ])
  return { n: newest?.n ?? 0, menu: newest?.menu ?? empty, ...state }
}

function menuVersionsOf<O, Menu>(
  ctx: Core,
  { ownerOf }: MenuKind<never, O, Menu>,
  of: O,
): Promise<store.MenuVersion<Menu>[]> {
  return store.menuVersions<Menu>(ctx.db, ownerOf(of), versionsAtMost)
}

/**
 * Stores a menu as the newest version, and publishes nothing. `from` is the version that was edited; when somebody else
 * has saved since, throws 1000.
 */
async function saveMenu<C extends Core, O, Menu>(
  ctx: C,
  kind: MenuKind<C, O, Menu>,
  by: MenuEditor<O>,
  menu: Menu,
  from: number,
): Promise<number> {
  kind.check(menu)
  await kind.checkFor?.(ctx, by.of, menu)
  return putVersion(ctx, kind, by, { menu: kind.asPublished(menu), source: 'edit', from })
}

/** An earlier version becomes the newest. Throws 1000. */
async function rollBackMenu<O, Menu>(
  ctx: Core,
  kind: MenuKind<never, O, Menu>,
  by: MenuEditor<O>,
  n: number,
): Promise<number> {
  const version = (await menuVersionsOf(ctx, kind, by.of)).find(one => one.n === n)
  if (!version)
    throw new ApiError('badParameter', {
      zh: told`没有菜单版本 ${own(n)}`,
      en: told`there is no menu version ${own(n)}`,
    })
  return putVersion(ctx, kind, by, { menu: version.menu, source: 'rollback' })
}

/**
 * Gives the vendor the newest version. If that stops midway, the menu keeps the failure, and publishing again starts from the
 * beginning. Throws 1000, 1009 and 1011.
 */
async function publishMenu<C extends Core, O, Menu>(
  ctx: C,
  kind: MenuKind<C, O, Menu>,
  by: MenuEditor<O>,
): Promise<number> {
  kind.checkMay?.(by.of)
  const { n, menu } = await menuOf(ctx, kind, by.of)
  kind.check(menu)
  // What it leads to may have gone since the version was saved.
  await kind.checkFor?.(ctx, by.of, menu)
  const owner = kind.ownerOf(by.of)
  // A version from the vendor's own site, or from an earlier wisp, may be written otherwise.
  await kind.publish(ctx, by.of, kind.asPublished(menu), failure =>
    store.noteMenu(ctx.db, owner, { publishedN: n, failure }, new Date(ctx.now())),
  )
  await noteShown(ctx, kind, by, n)
  return n
}

/** Takes the menu away at the vendor. What was edited here stays. */
async function withdrawMenu<O, Menu>(
  ctx: Core,
  kind: MenuKind<never, O, Menu>,
  by: MenuEditor<O>,
): Promise<void> {
  kind.checkMay?.(by.of)
  await kind.withdraw(by.of)
  await noteShown(ctx, kind, by, null)
}

/** What the vendor has becomes the newest version, unless it is that already. Returns undefined when there is no menu at all. */
async function pullMenu<C extends Core, O, Menu>(
  ctx: C,
  kind: MenuKind<C, O, Menu>,
  by: MenuEditor<O>,
): Promise<number | undefined> {
  const menu = await kind.pull(ctx, by.of)
  if (!menu) return undefined
  return putVersion(ctx, kind, by, { menu: kind.asPublished(menu), source: 'pull', isPublished: true })
}

/** The vendor shows this version now, or no menu any more. */
async function noteShown<O, Menu>(
  ctx: Core,
  kind: MenuKind<never, O, Menu>,
  by: MenuEditor<O>,
  n: number | null,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const shown = { publishedN: n, failure: null }
    await store.noteMenu(tx, kind.ownerOf(by.of), shown, new Date(ctx.now()))
    await (n === null ? note(tx, ctx, kind, by, 'withdraw', {}) : note(tx, ctx, kind, by, 'publish', { n }))
  })
}

type NewVersion<Menu> = {
  menu: Menu
  source: store.MenuVersion<Menu>['source']
  from?: number
  isPublished?: boolean
}

async function putVersion<O, Menu>(
  ctx: Core,
  kind: MenuKind<never, O, Menu>,
  by: MenuEditor<O>,
  put: NewVersion<Menu>,
): Promise<number> {
  const owner = kind.ownerOf(by.of)
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
      const version = { n, source, menu, actor: by.actor, createdAt: at }
      await store.insertMenuVersion(tx, owner, version, versionsAtMost)
      await note(tx, ctx, kind, by, source === 'edit' ? 'save' : source, { n })
    }
    await store.noteMenu(tx, owner, isPublished ? { publishedN: n, failure: null } : state, at)
    return n
  })
}

function note<O, Menu>(
  tx: Db,
  ctx: Core,
  { acts, ownerOf }: MenuKind<never, O, Menu>,
  { actor, of }: MenuEditor<O>,
  act: 'save' | 'pull' | 'rollback' | 'publish' | 'withdraw',
  detail: { n?: number },
): Promise<void> {
  const owner = ownerOf(of)
  const { corpId } = owner
  return record(tx, ctx, { corpId, actor, act: `${acts}.${act}`, target: auditTarget(owner), detail })
}
