import { randomBytes } from 'node:crypto'
import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { App, Builtin } from './app.ts'
import * as store from './store.ts'

/** Where wisp answers the app itself, below the corp's public address. */
const paths: Record<Builtin, string> = { payments: '/pay' }

/** A built-in app with its address, which follows that of the corp. */
export function withAddress(ctx: Core & { corps: Corps }, app: App): App {
  const { builtin, corpId } = app
  if (builtin === null) return app
  const home = () => publicUrlOf(ctx, ctx.corps.find(corpId)) + paths[builtin]
  return {
    ...app,
    get homeUrl() {
      return home()
    },
    get origins() {
      return [new URL(home()).origin]
    },
  }
}

/**
 * Makes an app that wisp itself answers, once per corp, in the transaction of whatever needs it first. Nodes learn of it
 * when that commits.
 */
export async function ensureBuiltinApp(
  tx: Db,
  ctx: Core,
  corpId: string,
  app: { builtin: Builtin; name: string; description: string },
): Promise<void> {
  const id = `app${randomBytes(6).toString('hex')}`
  if (!(await store.insertBuiltinApp(tx, { ...app, id, corpId, at: new Date(ctx.now()) }))) return
  const { builtin, name } = app
  await record(tx, ctx, { corpId, actor: 'wisp', act: 'app.add', target: id, detail: { name, builtin } })
  await signal(tx, 'wisp_config', corpId)
}
