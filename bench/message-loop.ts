import { Agent, request } from 'undici'
import { answerParent } from './processes.ts'

export type MessageLoopJob = {
  url: string
  corpId: string
  agentId: number
  secret: string
  users: string[]
  text: string
  concurrency: number
  ms: number
}

let written = 0

/**
 * A bare sender: posts messages like the server's to the sandbox with the server's HTTP library, reads each
 * answer and stores nothing. Resolves with messages per second.
 */
async function send(job: MessageLoopJob): Promise<number> {
  const dispatcher = new Agent({ connections: job.concurrency, keepAliveTimeout: 30_000 })
  const call = async (path: string, body?: object) => {
    const init = body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}
    const answer = await request(`${job.url}/cgi-bin/${path}`, { dispatcher, ...init })
    return JSON.parse(await answer.body.text()) as { errcode: number; access_token: string }
  }
  const secret = new URLSearchParams({ corpid: job.corpId, corpsecret: job.secret })
  const { access_token } = await call(`gettoken?${secret}`)
  const startedAt = performance.now()
  let sent = 0
  const worker = async () => {
    while (performance.now() - startedAt < job.ms) {
      const answer = await call(`message/send?access_token=${access_token}`, {
        touser: job.users[Math.floor(Math.random() * job.users.length)],
        agentid: job.agentId,
        enable_duplicate_check: 1,
        duplicate_check_interval: 14_400,
        msgtype: 'text',
        text: { content: `${job.text}${++written}` },
      })
      if (answer.errcode !== 0) throw new Error(`errcode ${answer.errcode}`)
      sent++
    }
  }
  await Promise.all(Array.from({ length: job.concurrency }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  await dispatcher.close()
  return sent / seconds
}

answerParent({ ready: true }, { send: ({ job }: { job: MessageLoopJob }) => send(job) })
