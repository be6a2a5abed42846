import { type Entry, record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import { describeError } from '../../operation/log.ts'

/** `detail`: what the account gave besides its password. */
type Detail = { secondFactor?: true }

export async function noteSignIn(
  ctx: Core,
  name: string,
  address: string,
  detail: Detail = {},
): Promise<void> {
  await record(ctx.db, ctx, entryOf('sign-in.password', name, detail), { actor: name, name: '', address })
}

/** Nobody waits for it, because the time would tell which names exist. Unknown names, perhaps passwords, are not kept. */
export function noteFailure(ctx: Core, name: string, address: string, detail: Detail = {}): void {
  record(ctx.db, ctx, entryOf('sign-in.failed', name, detail), { actor: name, name: '', address }).catch(
    error => ctx.log.error(describeError(error), 'failed sign-in not recorded'),
  )
}

function entryOf(act: string, name: string, detail: Detail): Entry {
  return { corpId: null, actor: name, act, target: name, detail }
}
