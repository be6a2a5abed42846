import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { World } from '../../../../test/harness.ts'
import { addCorp } from '../../corps/corps.ts'
import { requestSync } from '../request.ts'

type Json = Record<string, unknown>

/**
 * A stand-in for WeCom that answers as a test tells it to, including answers that the real one never gives. `handlers`
 * replace the default answers; their keys are paths without /cgi-bin/.
 */
export type ScriptedWecom = {
  url: string
  departments: Json[]
  members: (Json & { userid: string; department: number[] })[]
  tags: (Json & { tagid: number; tagname: string })[]
  handlers: Map<string, (query: URLSearchParams, response: ServerResponse) => unknown>
  calls: string[]
  close(): Promise<void>
}

export const department = (id: number, parentid: number, name = `部门${id}`) => ({
  id,
  parentid,
  name,
  order: 1,
})
export const member = (userid: string, ...departments: number[]) => ({
  userid,
  name: `人${userid}`,
  department: departments,
  status: 1,
  mobile: '13800000000',
  email: `${userid}@example.com`,
})

export async function startScripted(): Promise<ScriptedWecom> {
  const script: ScriptedWecom = {
    url: '',
    departments: [department(1, 0, '公司'), department(2, 1, '研发'), department(3, 1, '市场')],
    members: [member('a', 2), member('b', 2, 3), member('c', 3)],
    tags: [{ tagid: 1, tagname: '标签' }],
    handlers: new Map(),
    calls: [],
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer((request, response) => answer(script, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  script.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return script
}

async function answer(script: ScriptedWecom, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', script.url)
  const path = url.pathname.replace('/cgi-bin/', '')
  script.calls.push(path)
  for await (const _ of request);
  const body = await (script.handlers.get(path) ?? ((query: URLSearchParams) => usual(script, path, query)))(
    url.searchParams,
    response,
  )
  if (response.writableEnded || body === undefined) return
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ errcode: 0, ...(body as Json) }))
}

function usual(script: ScriptedWecom, path: string, query: URLSearchParams): Json {
  const id = Number(query.get('department_id') ?? query.get('id') ?? query.get('tagid'))
  const userid = query.get('userid')?.toLowerCase()
  const found = script.members.find(one => one.userid.toLowerCase() === userid)
  const answers: Record<string, () => Json> = {
    gettoken: () => ({ access_token: 'scripted', expires_in: 7200 }),
    'department/list': () => ({ department: script.departments }),
    'user/list': () => ({ userlist: script.members.filter(one => one.department.includes(id)) }),
    'user/get': () => found ?? { errcode: 60111 },
    'tag/list': () => ({ taglist: script.tags }),
    'tag/get': () => ({
      tagname: script.tags.find(one => one.tagid === id)?.tagname,
      userlist: [],
      partylist: [],
    }),
  }
  return answers[path]?.() ?? { errcode: 48002 }
}

export const scriptedCorpId = 'wwscripted'

/** Adds and syncs the scripted corp. The world must run with `synced: false` and this server as its WISP_WECOM_URL. */
export async function connectScripted({ ctx }: World): Promise<void> {
  await addCorp(ctx, 'test', { corpId: scriptedCorpId, name: '脚本', contactSecret: 'secret' })
  await requestSync(ctx, 'test', scriptedCorpId, 'full')
  await ctx.sync.drain(scriptedCorpId)
}
