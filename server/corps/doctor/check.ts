/** One thing that was looked at. `ok` is false for what keeps the corp from working, not for a warning. */
export type Check = {
  id: string
  ok: boolean
  state: 'ok' | 'warning' | 'failed'
  title: string
  /** What is the case, in words for an administrator. */
  detail: string
  /** What to change, and where. */
  fix?: string
}

export function passed(id: string, title: string, detail: string): Check {
  return { id, ok: true, state: 'ok', title, detail }
}

export function warning(id: string, title: string, detail: string, fix?: string): Check {
  return { id, ok: true, state: 'warning', title, detail, ...(fix ? { fix } : {}) }
}

export function failed(id: string, title: string, detail: string, fix?: string): Check {
  return { id, ok: false, state: 'failed', title, detail, ...(fix ? { fix } : {}) }
}

/** The console pages that a fix sends people to. */
export const pages = {
  corp: '企业微信管理后台「我的企业 → 企业信息」',
  contact: '企业微信管理后台「管理工具 → 通讯录同步」',
  apps: '企业微信管理后台「应用管理 → 自建应用」',
} as const

/** Where in wisp a fix is made: in the console, or with the command line. */
export const places = {
  corp: '本平台「系统 → 企业与体检 → 设置」（或 wisp corp set）',
  agents: '本平台「系统 → 企业与体检 → 自建应用」（或 wisp agent add）',
  sync: '本平台「同步 → 同步与历史」（或 wisp sync run）',
  approve: '本平台「同步 → 同步与历史」（或 wisp sync approve）',
  events: '本平台「同步 → 变更事件」（或 wisp sync events、wisp sync replay）',
} as const

/** `90 秒`, `12 分钟`, `3 天`. */
export function words(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds < 120) return `${seconds} 秒`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} 分钟`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} 小时` : `${Math.floor(hours / 24)} 天`
}
