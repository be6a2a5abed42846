import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Apps } from '../catalog.ts'
import { openableApp, ownerOf, type Workbench } from './workbench.ts'
import * as store from './workbench-store.ts'

type Needs = Core & { workbench: Workbench }

export const favouritesAtMost = 100

/** Throws 403 for an app that is not open to this person, 1000 for too many. */
export async function putFavourite(
  ctx: Needs & { apps: Apps; corps: Corps; mirrors: Mirrors },
  corpId: string,
  person: Person,
  appId: string,
): Promise<void> {
  openableApp(ctx, corpId, person, appId)
  await arrange(ctx, corpId, person, async tx => {
    if (!(await store.putFavourite(tx, corpId, ownerOf(person), appId, favouritesAtMost)))
      throw new ApiError('badParameter', {
        zh: `常用应用最多 ${favouritesAtMost} 个，请先移除不用的`,
        en: `at most ${favouritesAtMost} apps can be favourites: remove unused ones first`,
      })
  })
}

/** Also an app that is not open to this person any more. */
export function dropFavourite(ctx: Needs, corpId: string, person: Person, appId: string): Promise<void> {
  return arrange(ctx, corpId, person, tx => store.dropFavourite(tx, corpId, ownerOf(person), appId))
}

export function orderFavourites(ctx: Needs, corpId: string, person: Person, appIds: string[]): Promise<void> {
  return arrange(ctx, corpId, person, tx => store.orderFavourites(tx, corpId, ownerOf(person), appIds))
}

/** Messages that arrive later are unread, whatever time a page sends. */
export function markRead(ctx: Needs, corpId: string, person: Person, at: Date): Promise<void> {
  const upTo = new Date(Math.min(at.getTime(), ctx.now() + 60_000))
  return arrange(ctx, corpId, person, tx => store.markReadUpTo(tx, corpId, ownerOf(person), upTo))
}

async function arrange(
  ctx: Needs,
  corpId: string,
  person: Person,
  change: (tx: Db) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await change(tx)
    await ctx.workbench.changed(tx, corpId, person)
  })
  ctx.workbench.forget(corpId, person)
}
