/** The page of an agent in the console. */
export function agentPage(agentId: number, tab?: 'forward' | 'pushes'): string {
  return `/console/system/corps/agents/${agentId}${tab ? `/${tab}` : ''}`
}
