import { keep, readKept } from '../ui/storage/stored.ts'

type KeptTab = { appId: string; path: string | undefined }

const key = 'wisp.tabs'

/** The tabs that this person had open in this browser tab, in their order. */
export function keptTabs(owner: string): KeptTab[] {
  const kept: unknown = parsed(readKept(key))
  if (!isRecord(kept) || kept['owner'] !== owner || !Array.isArray(kept['tabs'])) return []
  return kept['tabs'].flatMap((tab: unknown) =>
    isRecord(tab) && typeof tab['appId'] === 'string'
      ? [{ appId: tab['appId'], path: typeof tab['path'] === 'string' ? tab['path'] : undefined }]
      : [],
  )
}

export function keepTabs(owner: string, tabs: readonly KeptTab[]): void {
  keep(key, JSON.stringify({ owner, tabs: tabs.map(({ appId, path }) => ({ appId, path })) }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
