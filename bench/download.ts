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

answerParent({ ready: true }, { download })
