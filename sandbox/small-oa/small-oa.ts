import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { listPage, sendPage, taskPage } from './page.ts'
import { type Bases, tell } from './senders.ts'
import { type Task, Tasks, type Vendor, vendors } from './tasks.ts'

export interface SmallOaOptions {
  port: number
  host: string
  bases: Bases
  /** Where its tasks are kept; in memory alone without one. */
  file?: string
  /** The guided tour hears when somebody has finished a task. */
  onStep?: (step: 'oa-done') => void
}

export interface SmallOa {
  /** Without a slash at the end. */
  url: string
  /** Makes a task unless there is one of this id, and tells the receiver of it; resolves with whether that took it. */
  begin(task: Pick<Task, 'id' | 'title' | 'receiver' | 'vendor'>): Promise<boolean>
  close(): Promise<void>
}

/** An OA that knows nothing of wisp and sends its to-dos as 泛微, 致远 or 蓝凌 do. */
export async function startSmallOa(options: SmallOaOptions): Promise<SmallOa> {
  const { bases, file, host, port, onStep = () => undefined } = options
  const tasks = new Tasks(file)
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  let url = ''
  const send = async (id: string): Promise<boolean> => {
    const task = tasks.find(id)
    const base = task && bases[task.vendor]
    if (!task || !base) return false
    const { text, isGood } = await tell(base, task, url)
    tasks.set(id, { answer: text })
    return isGood
  }
  route(app, tasks, bases, send, onStep)
  url = await app.listen({ port, host })
  return {
    url,
    async begin(task) {
      const now = Date.now()
      const made = { ...task, kind: 'todo' as const, state: 'open' as const, answer: '' }
      if (!tasks.find(task.id)) tasks.add({ ...made, createdAt: now, changedAt: now })
      else if (tasks.find(task.id)?.state !== 'open') return true
      return send(task.id)
    },
    close: () => app.close(),
  }
}

type Form = Record<string, string | undefined>

function route(
  app: FastifyInstance,
  tasks: Tasks,
  bases: Bases,
  send: (id: string) => Promise<boolean>,
  onStep: (step: 'oa-done') => void,
): void {
  const kinds = vendors.filter(one => bases[one] !== undefined)
  app.get('/', (_request, reply) => sendPage(reply, '小 OA（沙箱）', listPage(tasks.all(), kinds)))
  app.get('/tasks', () => tasks.all())
  app.post('/tasks', async (request, reply) => {
    const { title = '', receiver = '', kind, vendor } = (request.body ?? {}) as Form
    if (title.trim() === '' || receiver.trim() === '' || !kinds.includes(vendor as Vendor))
      return sendPage(reply.code(400), '小 OA', '<h1>没有发起</h1><p>标题、待办人和接口都要填。</p>')
    const now = Date.now()
    const id = `OA-${randomBytes(5).toString('hex')}`
    tasks.add({
      id,
      title: title.trim().slice(0, 100),
      receiver: receiver.trim().slice(0, 64),
      answer: '',
      kind: kind === 'read' ? 'read' : 'todo',
      vendor: vendor as Vendor,
      state: 'open',
      createdAt: now,
      changedAt: now,
    })
    await send(id)
    return reply.redirect('/', 303)
  })
  app.get('/task/:id', (request, reply) => {
    const task = tasks.find((request.params as { id: string }).id)
    return task ? sendPage(reply, task.title, taskPage(task)) : noTask(reply)
  })
  app.post('/task/:id/:act', async (request, reply) => {
    const { id, act } = request.params as { id: string; act: string }
    const task = tasks.find(id)
    if (!task) return noTask(reply)
    if (act === 'done' && task.state === 'open') {
      tasks.set(id, { state: 'done', changedAt: Date.now() })
      onStep('oa-done')
    }
    if (act === 'withdraw' && task.state === 'open')
      tasks.set(id, { state: 'withdrawn', changedAt: Date.now() })
    await send(id)
    return reply.redirect(act === 'done' ? `/task/${id}` : '/', 303)
  })
}

function noTask(reply: FastifyReply): FastifyReply {
  return sendPage(reply.code(404), '小 OA', '<h1>没有这条待办</h1><p><a href="/">全部待办</a></p>')
}
