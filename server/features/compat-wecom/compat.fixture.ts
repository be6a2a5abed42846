import type { Caller, World } from '../../../test/harness.ts'
import { addApp } from '../apps/apps.ts'
import { useAgents } from '../messages/messages.fixture.ts'
import { rotateCompatSecret } from './secrets/change-secrets.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type WecomAnswer = Record<string, any>

/** A program that knows only WeCom's API, with wisp's address in the place of WeCom's. */
export type OldSender = {
  base: string
  corpid: string
  corpsecret: string
  agentid: number
  token(): Promise<string>
  /** `body` is sent as it is when it is no object. */
  post(path: string, body: unknown, access_token?: string, type?: string): Promise<WecomAnswer>
}

/** Gives a developer an app that is linked to this agent of the sandbox, and a compat secret. */
export async function oldSender(world: World, dev: Caller = world.dev, n = 0): Promise<OldSender> {
  const { ctx, corpId } = world
  const agents = await useAgents(world)
  const agentid = agents[n]!
  const app = { name: '旧报修', devId: dev.devId, agentId: agentid, homeUrl: 'https://repair.example.com/' }
  await addApp(ctx, 'test', corpId, app)
  const { corpsecret } = await rotateCompatSecret(ctx, 'test', dev.devId, false)
  const base = `${world.server.url}/compat/wecom/cgi-bin`
  const sender: OldSender = {
    base,
    corpid: corpId,
    corpsecret,
    agentid,
    token: async () => (await tokenOf(sender))['access_token'] as string,
    async post(path, body, access_token, type) {
      const query = new URLSearchParams({ access_token: access_token ?? (await sender.token()) })
      const answer = await fetch(`${base}/${path}${path.includes('?') ? '&' : '?'}${query}`, {
        method: 'POST',
        headers: type ? { 'content-type': type } : {},
        body: isPlain(body) ? JSON.stringify(body) : (body as string | Buffer<ArrayBuffer> | FormData),
      })
      return (await answer.json()) as WecomAnswer
    },
  }
  return sender
}

const isPlain = (body: unknown) => Object.getPrototypeOf(body) === Object.prototype

export async function tokenOf(by: Pick<OldSender, 'base' | 'corpid' | 'corpsecret'>): Promise<WecomAnswer> {
  const query = new URLSearchParams({ corpid: by.corpid, corpsecret: by.corpsecret })
  return (await (await fetch(`${by.base}/gettoken?${query}`)).json()) as WecomAnswer
}

/** Sends a text to 张三. */
export async function sendText(by: Pick<OldSender, 'base' | 'corpid' | 'corpsecret' | 'agentid'>) {
  const { access_token } = await tokenOf(by)
  const message = {
    touser: 'zhangsan',
    msgtype: 'text',
    agentid: by.agentid,
    text: { content: '水管已修好' },
  }
  const options = { method: 'POST', body: JSON.stringify(message) }
  const answer = await fetch(`${by.base}/message/send?access_token=${access_token}`, options)
  return (await answer.json()) as WecomAnswer
}
