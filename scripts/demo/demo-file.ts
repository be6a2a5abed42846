import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An official account of the sandbox, with the values of WeChat's server configuration. */
export type DemoAccount = {
  originalId: string
  appId: string
  secret: string
  token: string
  encodingAesKey: string
  mode: 'plain' | 'compatible' | 'secure'
}

/** The sandbox's merchant, and the app 统一支付 of the corp. */
export type DemoPay = { mchId: string; appId: string; appUrl: string }

/** An agent, with the values of 设置API接收 in WeCom's console. */
export type DemoAgent = { agentId: number; path: string; token: string; encodingAesKey: string }

/** A corp that became WeCom's customer after 2022, at a sandbox of its own. */
export type SecondCorp = {
  sandboxUrl: string
  corpId: string
  contactSecret: string
  agentId: number
  contactCallback: { token: string; encodingAesKey: string }
}

/** A client of OpenID Connect at which the sample application signs people in. */
export type DemoOidc = { issuer: string; clientId: string; clientSecret: string; redirectUri: string }

/** What a program needs that sends by WeCom's API; `id` is the corpid, `secret` the corpsecret. */
export type DemoCompat = { base: string; id: string; secret: string; agentId: number }

/** What a program needs that asks by LDAP, and how somebody signs in to it: `person` is a userid. */
export type DemoLdap = {
  url: string
  base: string
  bindDn: string
  bindPassword: string
  person: string
  appPassword: string
}

/** Where CAS answers, and the sample application that uses it. */
export type DemoCas = { base: string; service: string }

/** An address that takes to-dos as a vendor's own system does, and the vendor. */
export type DemoTodoSource = { kind: 'weaver' | 'seeyon' | 'landray'; base: string }

/** The data with which scripts use the demo (docs/interface/conventions.md#environments), and which the next start needs. */
export type Demo = {
  platformUrl: string
  sandboxUrl: string
  corpId: string
  devId: string
  devSecret: string
  admin: { user: string; password: string }
  contactSecret: string
  contactCallback: { token: string; encodingAesKey: string }
  appId: string
  agentId: number
  /** The agents that hear what people write to them; missing in a file of an earlier version. */
  agents?: DemoAgent[]
  /** The sandbox's official accounts that are bound; missing in a file of an earlier version. */
  official?: DemoAccount[]
  /** Missing in a file of an earlier version. */
  pay?: DemoPay
  /** Key of a message type by which the developer sends; missing in a file of an earlier version. */
  messageType?: string
  /** Ids of group robots by vendor; missing in a file of an earlier version. */
  robots?: Record<string, string>
  /** Userid of somebody from outside WeCom; missing in a file of an earlier version. */
  external?: string
  /** Id of a group of members; missing in a file of an earlier version. */
  group?: string
  /** Id of a group chat that the developer made; missing in a file of an earlier version, and where WeCom did not answer. */
  chat?: string
  /** A template of approvals by which the developer submits; missing in a file of an earlier version. */
  approval?: { templateId: string }
  /** Vendors of SMS that the corp has, in order; missing in a file of an earlier version. */
  smsVendors?: string[]
  /** A file of the developer's, for messages; missing in a file of an earlier version. */
  mediaId?: string
  /** Missing in a file of an earlier version. */
  compat?: DemoCompat
  /** Missing in a file of an earlier version. */
  ldap?: DemoLdap
  /** Missing in a file of an earlier version. */
  second?: SecondCorp
  /** The sample application's address when its apps were added; missing in a file of an earlier version. */
  sampleUrl?: string
  /** The sample applications for signing in; missing in a file of an earlier version. */
  oidc?: DemoOidc
  cas?: DemoCas
  /** The small OA, and where it sends its to-dos; missing in a file of an earlier version. */
  todoSource?: DemoTodoSource
  oaUrl?: string
  /** A month's data is filled in; missing as long as it is not. */
  hasHistory?: true
}

const nameOf = (dataDir: string) => join(dataDir, 'demo.json')

export function readDemo(dataDir: string): Demo | undefined {
  const path = nameOf(dataDir)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Demo
  } catch {
    throw new Error(`${path} 已损坏：删除它再启动，会重新生成示例开发者和管理员密码。`)
  }
}

/** Writes the file atomically: if the process is killed while writing, the old one is still there. */
export function writeDemo(dataDir: string, demo: Demo): void {
  const path = nameOf(dataDir)
  writeFileSync(`${path}.new`, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
