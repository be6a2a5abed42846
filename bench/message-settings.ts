import { readConfig } from '../server/config.ts'
import { putAgent } from '../server/corps/corps.ts'
import { changeSettings, putTemplate } from '../server/messages/settings/settings.ts'
import { startServer } from '../server/server.ts'
import { answerParent } from './processes.ts'

/** What the sandbox says about itself, as far as messages need it. */
export type SandboxInfo = {
  corpId: string
  agents: { agentId: number; name: string; secret: string }[]
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

/** A node for a moment: the command line's part, to say how messages go out. Answers the agent. */
const server = await startServer(readConfig(process.env))
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
answerParent(
  { ready: server.url },
  {
    async set({ info }: { info: SandboxInfo }) {
      const { ctx } = server
      const { corpId, agents, sms } = info
      const { templates, ...account } = sms.tencent
      const agent = agents[0]!
      await putAgent(ctx, 'bench', corpId, { ...agent, uses: ['messages'] })
      await changeSettings(ctx, 'bench', corpId, {
        agentId: agent.agentId,
        sms: { vendor: 'tencent', region: 'ap-guangzhou', endpoint: sms.endpoint, ...account },
      })
      const template = { id: 'code', signName: '', text: '', params: ['code', 'minute'] }
      await putTemplate(ctx, 'bench', corpId, { ...template, vendorId: templates[0]!.id })
      return agent.agentId
    },
  },
)
