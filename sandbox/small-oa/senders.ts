import type { Task, Vendor } from './tasks.ts'

/** Where to-dos are sent, by the vendor as which the OA speaks. */
export type Bases = Partial<Record<Vendor, string>>

/** What the receiver answered, and whether that means that it took it. */
export interface Answer {
  text: string
  isGood: boolean
}

const timeoutMs = 10_000
const system = 'small-oa'
const workflow = '用印申请'

/** Tells the receiver of a task as the vendor's own systems do (docs/upstream/oa-todos.md). `oaUrl` is where it is done. */
export async function tell(base: string, task: Task, oaUrl: string): Promise<Answer> {
  try {
    return await senders[task.vendor](base, task, `${oaUrl}/task/${task.id}`)
  } catch (error) {
    return { text: `没有应答：${(error as Error).message}`, isGood: false }
  }
}

const senders: Record<Vendor, (base: string, task: Task, url: string) => Promise<Answer>> = {
  async weaver(base, task, url) {
    const flow = { syscode: system, flowid: task.id, requestname: task.title, workflowname: workflow }
    const about = { ...flow, nodename: '审批', receiver: task.receiver, receivets: String(task.changedAt) }
    const [call, body] =
      task.state === 'withdrawn'
        ? ['deleteRequestInfoByJson', { syscode: system, flowid: task.id }]
        : task.state === 'done'
          ? ['ProcessDoneRequestByJson', about]
          : [
              task.kind === 'read' ? 'ReceiveCCRequestByJson' : 'ReceiveTodoRequestByJson',
              {
                ...about,
                pcurl: url,
                appurl: url,
                isremark: '0',
                viewtype: '0',
                creator: '',
                createdatetime: localTime(task.createdAt),
                receivedatetime: localTime(task.createdAt),
              },
            ]
    return post(`${base}/rest/ofs/${call}`, body, ({ operResult }) => operResult === '1')
  },
  async seeyon(base, task, url) {
    const { id } = (await (
      await ask(`${base}/seeyon/rest/token`, { userName: 'rest', password: 'rest' })
    ).json()) as {
      id: string
    }
    const which = { registerCode: '3006', taskId: task.id }
    const [call, body] =
      task.state === 'open'
        ? [
            'receive',
            {
              ...which,
              title: task.title,
              senderName: '小 OA',
              classify: workflow,
              state: '0',
              thirdReceiverId: task.receiver,
              noneBindingReceiver: task.receiver,
              creationDate: task.createdAt,
              url,
              h5url: url,
            },
          ]
        : ['updatePendingState', { ...which, state: '1', subState: task.state === 'done' ? '0' : '2' }]
    const address = `${base}/seeyon/rest/thirdpartyPending/${call}`
    return post(address, body, ({ success }) => success === true, { token: id })
  },
  async landray(base, task, url) {
    const which = { appName: '小 OA', modelName: workflow, modelId: task.id }
    const [call, body] =
      task.state === 'open'
        ? [
            'sendTodo',
            {
              ...which,
              subject: task.title,
              link: url,
              mobileLink: url,
              padLink: url,
              type: task.kind === 'read' ? 2 : 1,
              targets: JSON.stringify({ LoginName: task.receiver }),
              createTime: localTime(task.createdAt),
            },
          ]
        : [task.state === 'done' ? 'setTodoDone' : 'deleteTodo', { ...which, optType: 1 }]
    const address = `${base}/api/sys-notify/sysNotifyTodoRestService/${call}`
    return post(address, body, ({ returnState }) => returnState === 2)
  },
}

function ask(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
}

async function post(
  address: string,
  body: unknown,
  isGood: (answer: Record<string, unknown>) => boolean,
  headers?: Record<string, string>,
): Promise<Answer> {
  const response = await ask(address, body, headers)
  const text = await response.text()
  try {
    return { text, isGood: response.ok && isGood(JSON.parse(text) as Record<string, unknown>) }
  } catch {
    return { text: `HTTP ${response.status} ${text.slice(0, 500)}`, isGood: false }
  }
}

/** yyyy-MM-dd HH:mm:ss in China, as OA systems write their times. */
function localTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}
