import type { Developer } from '../developers/developers.ts'
import type { Apps } from './catalog.ts'

/** One of the developer's apps and a page of it, to try calls with. */
export function appValues({ apps }: { apps: Apps }, { corpId, devId }: Developer): Record<string, string> {
  const own = apps.ofCorp(corpId).find(app => app.enabled && app.devId === devId)
  if (!own) return {}
  const [origin] = own.origins
  return { appId: own.id, ...(origin ? { pageUrl: `${origin}/` } : {}) }
}
