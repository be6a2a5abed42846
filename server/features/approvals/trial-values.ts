import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { grantsOf } from './setup/setup-store.ts'
import { listAfter } from './store.ts'

/** A template by which the developer may submit, and the latest approval that it submitted. */
export async function approvalTrialValues(ctx: Core, developer: Caller): Promise<Record<string, unknown>> {
  const { corpId, devId, scopes } = developer
  if (!scopes.has('approval:write') && !scopes.has('approval:read')) return {}
  const grants = await grantsOf(ctx.db, corpId, devId)
  const [usable] = [...grants].flatMap(([id, { applies }]) => (applies ? [id] : []))
  const [last] = await listAfter(
    ctx.db,
    { corpId },
    { templateIds: [], devId },
    { afterId: undefined, limit: 1 },
  )
  return {
    ...(usable ? { approvalTemplateId: usable } : {}),
    ...(last?.no ? { spNo: last.no } : {}),
  }
}
