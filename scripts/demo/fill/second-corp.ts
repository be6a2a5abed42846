import type { Context } from '../../../server/context.ts'
import { setChannel } from '../../../server/features/channels/settings/settings.ts'
import type { SecondCorp } from '../demo-file.ts'
import { sandboxInfo } from '../sandbox-control.ts'
import { connectCorp, syncFully } from './corp.ts'

const actor = 'cli'

/**
 * Connects the sandbox's second corp, which WeCom treats as a new customer: the contact secret gets ids alone, names come by the
 * agent's secret, and mobiles and mails by nobody's. Official accounts, payments and packets are off, as they are for a new corp.
 */
export async function connectSecondCorp(ctx: Context, sandboxUrl: string): Promise<SecondCorp> {
  const info = await sandboxInfo(sandboxUrl)
  const { corpId, contactSecret } = info
  const { agentId } = await connectCorp(ctx, actor, info, { name: '新客户示例企业', features: ['webhooks'] })
  await setChannel(ctx, actor, corpId, 'wecom', { agentId })
  await syncFully(ctx, actor, info)
  const contactCallback = { ...ctx.corps.get(corpId).callback }
  return { sandboxUrl, corpId, contactSecret, agentId, contactCallback }
}
