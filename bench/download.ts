import { Agent, request } from 'undici'
import { answerParent } from './processes.ts'

/**
 * A bare client that downloads and parses the pages of a full sync with the server's HTTP library and
 * concurrency, and stores nothing.
 */
export type Download = { ms: number; pages: number; members: number; bytes: number }

const concurrency = 16

async function download(corp: { url: string; corpId: string; contactSecret: string }): Promise<Download> {
  const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 30_000 })
  const result: Download = { ms: 0, pages: 0, members: 0, bytes: 0 }
  const startedAt = performance.now()
  const get = async (path: string, query: Record<string, string>) => {
    const answer = await request(`${corp.url}/cgi-bin/${path}?${new URLSearchParams(query)}`, { dispatcher })
    const text = await answer.body.text()
    result.pages++
    result.bytes += Buffer.byteLength(text)
    return JSON.parse(text) as Record<string, unknown>
  }
  const { corpId, contactSecret } = corp
  const token = await get('gettoken', { corpid: corpId, corpsecret: contactSecret })
  const access_token = String(token['access_token'])
  const { department } = await get('department/list', { access_token })
  await eachAtOnce(department as { id: number }[], async ({ id }) => {
    const { userlist } = await get('user/list', { access_token, department_id: String(id) })
    result.members += (userlist as unknown[]).length
  })
  const { taglist } = await get('tag/list', { access_token })
  await eachAtOnce(taglist as { tagid: number }[], ({ tagid }) =>
    get('tag/get', { access_token, tagid: String(tagid) }),
  )
  result.ms = performance.now() - startedAt
  await dispatcher.close()
  return result
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < items.length) await work(items[next++]!)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

export type FollowerDownload = { ms: number; followers: number }

/** The same calls as a pull of an official account's followers. */
async function downloadFollowers(upstream: {
  official: { url: string; appId: string; secret: string }
}): Promise<FollowerDownload> {
  const { url, appId: appid, secret } = upstream.official
  const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 30_000 })
  const startedAt = performance.now()
  let access_token = ''
  const ask = async (path: string, body?: object, query: Record<string, string> = {}) => {
    const address = `${url}/cgi-bin/${path}?${new URLSearchParams({ access_token, ...query })}`
    const sent = body ? { method: 'POST' as const, body: JSON.stringify(body) } : {}
    const answer = await request(address, { dispatcher, ...sent })
    return (await answer.body.json()) as Record<string, unknown>
  }
  const token = await ask('stable_token', { grant_type: 'client_credential', appid, secret })
  access_token = String(token['access_token'])
  let followers = 0
  let next_openid = ''
  for (;;) {
    const page = await ask('user/get', undefined, { next_openid })
    const openids = (page['data'] as { openid: string[] } | undefined)?.openid ?? []
    if (openids.length === 0) break
    const calls = Array.from({ length: Math.ceil(openids.length / 100) }, (_, n) =>
      openids.slice(n * 100, (n + 1) * 100),
    )
    await eachAtOnce(calls, async some => {
      const list = some.map(openid => ({ openid, lang: 'zh_CN' }))
      const answer = await ask('user/info/batchget', { user_list: list })
      followers += (answer['user_info_list'] as unknown[]).length
    })
    next_openid = openids.at(-1) ?? ''
  }
  const ms = performance.now() - startedAt
  await dispatcher.close()
  return { ms, followers }
}

answerParent({ ready: true }, { download, downloadFollowers })
