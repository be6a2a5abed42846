import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { sampleData } from './check-speaking.ts'
import { compile } from './compile.ts'
import { listTypes } from './types-store.ts'

/** A type of the developer that can be sent by, and values for its variables, to try calls with. */
export async function typeValues(
  ctx: Core,
  { corpId, devId, scopes }: Caller,
): Promise<Record<string, unknown>> {
  if (!scopes.has('message:type') && !scopes.has('message:send')) return {}
  const own = await listTypes(ctx.db, corpId, devId)
  const type = own.find(one => one.version === one.newest.version && one.state === 'live')
  if (!type) return {}
  const { definition } = type.newest
  return { messageType: type.key, messageData: sampleData(definition, compile(definition)) }
}
