import { setTimeout as delay } from 'node:timers/promises'
import type { Demo } from './demo-file.ts'

export type SandboxInfo = {
  corpId: string
  contactSecret: string
  agents: { agentId: number; name: string; secret: string }[]
  members: number
  official: {
    accounts: {
      originalId: string
      appId: string
      secret: string
      name: string
      kind: 'service' | 'subscription'
      verified: boolean
    }[]
  }
  pay: {
    merchants: {
      mchId: string
      name: string
      serialNo: string
      privateKey: string
      apiV3Key: string | null
      publicKeyId: string
      publicKey: string
      appIds: string[]
    }[]
  }
  smtp: { host: string; port: number; user: string; password: string; ca: string }
  robots: { vendor: 'wecom' | 'dingtalk' | 'feishu'; address: string; secret: string | null }[]
  sms: {
    endpoint: string
    tencent: {
      secretId: string
      secretKey: string
      sdkAppId: string
      signName: string
      templates: { id: string; text: string }[]
    }
  }
}

const askAgainMs = 50

/** Resolves when the sandbox answers. It waits without end, so the caller must also watch the sandbox's process. */
export async function sandboxInfo(url: string): Promise<SandboxInfo> {
  for (;;) {
    try {
      const response = await fetch(`${url}/_sandbox/info`)
      if (response.ok) return (await response.json()) as SandboxInfo
    } catch {
      // The sandbox does not listen yet.
    }
    await delay(askAgainMs)
  }
}

/** Sets wisp's callback in a corp's sandbox, as an administrator would in WeCom's console. */
export async function connectCallback(
  { platformUrl }: Demo,
  corp: Pick<Demo, 'sandboxUrl' | 'contactCallback'>,
): Promise<void> {
  const wanted = {
    url: `${platformUrl}/admin/syncController/addressBookChange`,
    ...corp.contactCallback,
  }
  const path = `${corp.sandboxUrl}/_sandbox/callback`
  const { callback } = (await (await fetch(path)).json()) as { callback: typeof wanted | null }
  if (
    callback?.url === wanted.url &&
    callback.token === wanted.token &&
    callback.encodingAesKey === wanted.encodingAesKey
  ) {
    return
  }
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  })
  if (!response.ok) throw new Error(`回调没有接上：${await response.text()}`)
}

/** Enters the agents' callbacks in the sandbox's console, at 接收消息 → 设置API接收; WeCom verifies them at once. */
export async function connectAgents({ platformUrl, sandboxUrl, agents = [] }: Demo): Promise<void> {
  for (const { path, ...agent } of agents) {
    const response = await fetch(`${sandboxUrl}/_sandbox/agents/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${platformUrl}${path}`, ...agent }),
    })
    // Somebody may have removed it, or changed its token.
    if (response.ok) continue
    const { error } = (await response.json()) as { error?: string }
    // The address ends in a key.
    const why = error?.replaceAll(path, '…')
    console.warn(`注意：应用 ${agent.agentId} 的接收消息没有接上（${why}）`)
  }
}

/** Enters wisp's callback in the sandbox's 服务器配置 of each official account; WeChat verifies it at once. */
export async function connectOfficialAccounts(demo: Demo): Promise<void> {
  for (const { originalId, token, encodingAesKey, mode } of demo.official ?? []) {
    const url = `${demo.platformUrl}/admin/publicMessage/callback`
    const response = await fetch(`${demo.sandboxUrl}/_sandbox/official/configure`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ originalId, url, token, encodingAesKey, mode }),
    })
    const saved = (await response.json()) as { ok?: boolean; reason?: string; error?: string }
    // Somebody may have unbound it, or changed its token.
    if (!saved.ok) console.warn(`注意：公众号 ${originalId} 的回调没有接上（${saved.reason ?? saved.error}）`)
  }
}

/** WeChat Pay posts to https alone; here it may notify this machine. */
export async function allowLoopbackNotices({ sandboxUrl }: Demo): Promise<void> {
  await post(`${sandboxUrl}/_sandbox/pay/settings`, { loopbackNotify: true })
}

/** Tells the guided tour for newcomers where everything is. The password is undefined when it was changed. */
export async function tellTour(
  { platformUrl, sandboxUrl, appId, admin, oidc, cas, oaUrl }: Demo,
  sampleUrl: string,
  password: string | undefined,
): Promise<void> {
  const { user } = admin
  await post(`${sandboxUrl}/_sandbox/tour`, {
    platformUrl,
    sampleUrl,
    appId,
    ...(oidc &&
      cas && { signIn: { oidcUrl: new URL(oidc.redirectUri).origin, casUrl: new URL(cas.service).origin } }),
    ...(oaUrl && { oaUrl }),
    admin: { user, password: password ?? null },
  })
}

/** Tells the tour that a step was done which the sandbox cannot see. */
export async function tellStep({ sandboxUrl }: Demo, step: string): Promise<void> {
  await post(`${sandboxUrl}/_sandbox/tour/seen`, { step })
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`沙箱没有接上：${await response.text()}`)
}
