/** The page of an agent in the console, where what it hears is. */
export function agentPage(agentId: number, tab: 'hears' | 'forward' | 'pushes' = 'hears'): string {
  return `/console/system/corps/agents/${agentId}/${tab}`
}
