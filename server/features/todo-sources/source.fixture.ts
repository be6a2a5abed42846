import { sql } from 'kysely'
import type { World } from '../../../test/harness.ts'
import { addApp } from '../apps/apps.ts'
import type { TodoState } from '../todos/todo.ts'
import { addSource, type NewSource } from './sources.ts'

export type TestSource = {
  id: string
  appId: string
  base: string
  /** Sends a body as it is, or an object as JSON. */
  send(path: string, body: unknown, headers?: Record<string, string>): Promise<SourceAnswer>
  get(path: string, headers?: Record<string, string>): Promise<SourceAnswer>
  /** The to-dos of its app, the oldest first. */
  todos(): Promise<TestTodo[]>
  /** What was not understood, the oldest first. */
  unrecognised(): Promise<{ id: number; reason: string; about: string; times: number; call: string }[]>
}

export type SourceAnswer = {
  status: number
  text: string
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of three vendors
  json: any
}

export type TestTodo = {
  todoNo: string
  userId: string
  state: TodoState
  kind: string
  title: string
  step: string
  sender: string
  pcUrl: string
  mobileUrl: string
  priority: number
  readAt: Date | null
  createdAt: Date
}

/** A source of an app of its own, and a vendor that sends to it. */
export async function newSource(
  world: World,
  settings: Partial<NewSource> & Pick<NewSource, 'kind'>,
  app: { homeUrl?: string } = { homeUrl: 'https://oa.example.com/' },
): Promise<TestSource> {
  const { id: appId } = await addApp(world.ctx, 'test', world.corpId, { name: 'OA', ...app })
  const wanted = { name: 'OA', match: 'userid' as const, appId, ...settings }
  const { source, base } = await addSource(world.ctx, 'test', world.corpId, wanted)
  const own = `${world.server.url}${new URL(base).pathname}`
  return {
    id: source.id,
    appId,
    base: own,
    send: (path, body, headers) => post(`${own}/${path}`, body, headers),
    get: async (path, headers = {}) => sentOf(await fetch(`${own}/${path}`, { headers })),
    todos: async () => {
      const { rows } = await sql<TestTodo>`
        select t.todo_no as "todoNo", m.user_id as "userId", t.state, t.kind, t.title, t.step, t.sender, t.priority,
          t.pc_url as "pcUrl", t.mobile_url as "mobileUrl", t.read_at as "readAt", t.created_at as "createdAt"
        from todo t join member m on m.corp_id = t.corp_id and m.id = t.member_id
        where t.app_id = ${appId} order by t.id`.execute(world.ctx.db)
      return rows
    },
    unrecognised: async () => {
      const { rows } = await sql<{ id: number; reason: string; about: string; times: number; call: string }>`
        select id, reason, about, times, call from todo_unrecognised where source_id = ${source.id} order by id`.execute(
        world.ctx.db,
      )
      return rows
    },
  }
}

export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<SourceAnswer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? (body as NonNullable<RequestInit['body']>) : JSON.stringify(body),
  })
  return sentOf(answer)
}

async function sentOf(answer: Response): Promise<SourceAnswer> {
  const text = await answer.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: answer.status, text, type: answer.headers.get('content-type') ?? '', json }
}
