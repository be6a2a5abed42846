/** The page of an agent in the console, where what it hears is, or a part of that. `state`: only the pushes in it. */
export function agentPage(agentId: number, tab?: 'forward' | 'pushes', state?: string): string {
  const page = `/console/system/corps/agents/${agentId}/hears`
  const search = new URLSearchParams({ ...(tab ? { tab } : {}), ...(state ? { state } : {}) })
  return search.size > 0 ? `${page}?${search}` : page
}
