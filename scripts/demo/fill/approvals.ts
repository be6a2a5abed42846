import type { Context } from '../../../server/context.ts'
import { putTemplate, setApprovals } from '../../../server/features/approvals/setup/setup.ts'
import { findTemplate } from '../../../server/features/approvals/setup/setup-store.ts'

/** A template that the sandbox's corp has. */
const templateId = 'C4SandboxLeave000000000000000000001'

/** Lets the sample developer submit by the sandbox's template of leaves and see all of them, as to-dos of its app. */
export async function connectApprovals(
  ctx: Context,
  actor: string,
  corpId: string,
  { agentId, appId, devId }: { agentId: number; appId: string; devId: string },
): Promise<{ templateId: string }> {
  if (await findTemplate(ctx.db, corpId, templateId)) return { templateId }
  await setApprovals(ctx, actor, corpId, { agentId, appId })
  const grants = [{ devId, applies: true, reads: true }]
  await putTemplate(ctx, actor, corpId, { templateId, grants })
  return { templateId }
}
