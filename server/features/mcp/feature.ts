import { feature } from '../../platform/manifest/feature.ts'
import type { Needs } from './call-tool.ts'
import { registerMcp } from './mcp.ts'

/** The API as tools of MCP, at POST /mcp. */
export const mcpFeature = feature<Needs>()({
  name: 'mcp',
  routes: registerMcp,
})
