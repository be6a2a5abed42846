import { feature } from '../../platform/manifest/feature.ts'
import type { Needs } from './call-tool.ts'
import { registerMcp } from './mcp.ts'

/** The API as tools of MCP, at POST /mcp. */
export const mcpFeature = feature<Needs>()({
  name: 'mcp',
  optional: {
    title: { zh: 'MCP（智能助手接入）', en: 'MCP (assistants)' },
    brings: {
      zh: '查通讯录，确认后发消息',
      en: "Assistants look up the address book and send messages after confirmation, with a developer's rights, at /mcp",
    },
  },
  routes: registerMcp,
})
