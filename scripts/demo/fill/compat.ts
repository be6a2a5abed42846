import type { Context } from '../../../server/context.ts'
import { compatFeature } from '../../../server/features/compat-wecom/names.ts'
import { compatOf } from '../../../server/features/compat-wecom/overview.ts'
import { rotateCompatSecret } from '../../../server/features/compat-wecom/secrets/change-secrets.ts'
import { switchFeatures } from '../../../server/organisation/corps/features/switch.ts'
import type { DemoCompat } from '../demo-file.ts'

/** A compat secret of the sample developer's; one of an earlier start that was killed ends. Undefined without an app that can send. */
export async function connectCompat(
  ctx: Context,
  actor: string,
  corpId: string,
  devId: string,
): Promise<Omit<DemoCompat, 'base'> | undefined> {
  if (!ctx.developers.get(devId)) return undefined
  const { isOn, agents } = await compatOf(ctx, devId)
  const [agent] = agents
  if (!agent) return undefined
  if (!isOn) await switchFeatures(ctx, actor, corpId, { [compatFeature]: true })
  const { corpsecret: secret } = await rotateCompatSecret(ctx, actor, devId, true)
  return { id: corpId, secret, agentId: agent.agentid }
}
