import { addApp } from '../server/features/apps/apps.ts'
import { setChannel } from '../server/features/channels/settings/settings.ts'
import { putTemplate } from '../server/features/channels/sms/templates.ts'
import { rotateCompatSecret } from '../server/features/compat-wecom/secrets/change-secrets.ts'
import { putType } from '../server/features/message-types/put-type.ts'
import { putAgent } from '../server/organisation/corps/corps.ts'
import { readConfig } from '../server/platform/config.ts'
import { startServer } from '../server/server.ts'
import { benchText, benchType } from './message-text.ts'
import { answerParent } from './processes.ts'

/** The part of the sandbox's information about itself that messages need. */
export type SandboxInfo = {
  corpId: string
  agents: { agentId: number; name: string; secret: string }[]
  smtp: { host: string; port: number; user: string; password: string; ca: string }
  sms: {
    endpoint: string
    tencent: {
      secretId: string
      secretKey: string
      sdkAppId: string
      signName: string
      templates: { id: string }[]
    }
  }
}

/** A node that runs briefly to set how messages are sent, as the command line would. Resolves with the agent's id. */
const server = await startServer(readConfig(process.env))
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
answerParent(
  { ready: server.url },
  {
    async set({ info }: { info: SandboxInfo }) {
      const { ctx } = server
      const { corpId, agents, sms, smtp } = info
      const { templates, ...account } = sms.tencent
      const agent = agents[0]!
      await putAgent(ctx, 'bench', corpId, { ...agent, uses: ['messages'] })
      await setChannel(ctx, 'bench', corpId, 'wecom', { agentId: agent.agentId })
      const from = '消息中心 <noreply@huayu.example>'
      await setChannel(ctx, 'bench', corpId, 'email', { ...smtp, security: 'starttls', from })
      const vendor = { vendor: 'tencent', endpoint: sms.endpoint }
      await setChannel(ctx, 'bench', corpId, 'sms', { ...vendor, ...account })
      const template = { id: 'code', signName: '', text: '', params: ['code', 'minute'] }
      await putTemplate(ctx, 'bench', corpId, { ...template, vendorId: templates[0]!.id })
      await putType(ctx, { actor: 'bench', devId: null }, corpId, benchType, {
        name: '基准',
        level: 'normal',
        channels: ['wecom'],
        templates: { wecom: { zh: { content: `${benchText}{{ n }}` } } },
      })
      return agent.agentId
    },
    /** A compat secret of this developer, whose app is linked to the agent. */
    async compat({ corpId, devId, agentId }: { corpId: string; devId: string; agentId: number }) {
      const { ctx } = server
      await addApp(ctx, 'bench', corpId, {
        name: '基准',
        devId,
        agentId,
        homeUrl: 'https://bench.example.com/',
      })
      return (await rotateCompatSecret(ctx, 'bench', devId, true)).corpsecret
    },
  },
)
