import type { Demo } from '../../scripts/demo/demo-file.ts'

/** Asks page calls as 张三, who signs in by the sandbox. */
// biome-ignore lint/suspicious/noExplicitAny: each call answers in its own shape
export type PageClient = (path: string, input?: Record<string, string>) => Promise<any>

export async function asZhangsan(demo: Demo): Promise<PageClient> {
  const cookie = await cookieOf(demo, 'zhangsan')
  return async (path, input = {}) => {
    const response = await fetch(`${demo.platformUrl}${path}?${new URLSearchParams(input)}`, {
      headers: { cookie },
    })
    const { retCode, retMessage, body } = (await response.json()) as Record<string, unknown>
    if (retCode !== '0') throw new Error(`${path}: ${retCode} ${retMessage}`)
    return body
  }
}

/** What a member's browser has after signing in by the sandbox. */
export async function cookieOf(
  { platformUrl, sandboxUrl }: Pick<Demo, 'platformUrl' | 'sandboxUrl'>,
  userid: string,
): Promise<string> {
  const begun = await fetch(`${platformUrl}/signin/wecom?to=/portal`, { redirect: 'manual' })
  const chosen = await fetch(`${sandboxUrl}/_sandbox/sign-in/choose`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: begun.headers.get('location'), userid }),
  })
  const { location } = (await chosen.json()) as { location: string }
  const back = await fetch(location, { redirect: 'manual', headers: { cookie: cookiesOf(begun) } })
  return cookiesOf(back)
}

const cookiesOf = ({ headers }: Response) =>
  headers
    .getSetCookie()
    .map(one => one.split(';')[0])
    .join('; ')
