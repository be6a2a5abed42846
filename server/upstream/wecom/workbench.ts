import { createCaller, type WecomCallOptions } from './call.ts'

/** A number on WeCom's workbench, and where a press on it leads (docs/upstream/wecom-office.md#workbench). */
export type KeyData = { key: string; data: string; jump_url: string }

/**
 * What an agent shows on WeCom's own workbench. WeCom takes somebody's data ten times a minute; a refusal for that is not waited
 * for, since the caller has a newer number by then. Throws WecomError and WecomUnavailable.
 */
export type WecomWorkbench = {
  /** `keydata`: numbers, which members have of their own by `setData`; `normal`: the icon alone. Before it WeCom takes no data. */
  setTemplate(
    agentid: number,
    template: { type: 'normal' } | { type: 'keydata'; items: KeyData[] },
  ): Promise<void>
  setData(agentid: number, userid: string, items: KeyData[]): Promise<void>
}

export function createWecomWorkbench(options: WecomCallOptions): WecomWorkbench {
  const call = createCaller({ ...options, limitRetries: 0 })
  return {
    async setTemplate(agentid, template) {
      const body =
        template.type === 'normal'
          ? { agentid, type: 'normal' }
          : { agentid, type: 'keydata', keydata: { items: template.items }, replace_user_data: false }
      await call({ path: '/cgi-bin/agent/set_workbench_template', body, write: true })
    },
    async setData(agentid, userid, items) {
      const body = { agentid, userid, type: 'keydata', keydata: { items } }
      await call({ path: '/cgi-bin/agent/set_workbench_data', body, write: true })
    },
  }
}
