import type { Caller } from '../../platform/http/caller.ts'
import type { Apps } from './catalog.ts'

/** One of the developer's apps, one of WeCom before others, and a page of it, to try calls with. */
export function appValues({ apps }: { apps: Apps }, { corpId, devId }: Caller): Record<string, string> {
  const own = apps.ofCorp(corpId).filter(app => app.enabled && app.devId === devId)
  const app = own.find(one => one.agentId !== null && one.origins.length > 0) ?? own[0]
  if (!app) return {}
  const { id: appId, agentId, origins } = app
  return {
    appId,
    ...(agentId === null ? {} : { agentId: String(agentId) }),
    ...(origins[0] ? { pageUrl: `${origins[0]}/` } : {}),
  }
}
