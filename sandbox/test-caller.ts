import type { Sandbox } from './sandbox.ts'

export type Answer = Record<string, unknown> & { errcode: number; errmsg: string }

/** An HTTP client for the sandbox's own tests. */
export interface Caller {
  token: string
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
}

/** Returns a caller with a token of this secret, by default of the contact secret. */
export async function callerOf(sandbox: Sandbox, secret = sandbox.contactSecret): Promise<Caller> {
  const { access_token } = await read(
    `${sandbox.url}/cgi-bin/gettoken?corpid=${sandbox.corpId}&corpsecret=${secret}`,
  )
  const token = String(access_token)
  const address = (path: string, query: Record<string, string | number> = {}): string => {
    const url = new URL(`${sandbox.url}/cgi-bin/${path}`)
    for (const [key, value] of Object.entries({ access_token: token, ...query }))
      url.searchParams.set(key, String(value))
    return url.href
  }
  return {
    token,
    get: (path, query) => read(address(path, query)),
    post: (path, body) => read(address(path), { method: 'POST', body: JSON.stringify(body) }),
  }
}

/** Makes a call of /_sandbox/. */
export async function control(
  sandbox: Sandbox,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

/** Makes an edit in WeCom's console, so that it is called back. */
export async function admin(sandbox: Sandbox, name: string, input: unknown): Promise<Answer> {
  return (await control(sandbox, 'POST', `admin/${name}`, input)).body as Answer
}

/** The corp in the form of /_sandbox/state. */
export interface CorpDump {
  departments: { id: number; name: string; parentid: number; order: number; department_leader: string[] }[]
  members: (Record<string, unknown> & {
    userid: string
    name: string
    department: number[]
    mobile: string
  })[]
  tags: {
    tagid: number
    tagname: string
    userlist: { userid: string; name: string }[]
    partylist: number[]
  }[]
}

export async function dump(sandbox: Sandbox): Promise<CorpDump> {
  return (await control(sandbox, 'GET', 'state')).body as unknown as CorpDump
}

async function read(url: string, init?: RequestInit): Promise<Answer> {
  return (await (await fetch(url, init)).json()) as Answer
}

export async function messagesOf(
  sandbox: Sandbox,
  query: Record<string, string | number>,
): Promise<(Record<string, unknown> & { n: number })[]> {
  const params = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const { body } = await control(sandbox, 'GET', `messages?${params}`)
  return body['messages'] as (Record<string, unknown> & { n: number })[]
}
