import { request } from 'node:http'
import { type Caller, startWorld } from '../../../test/harness.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { addApp } from '../apps/apps.ts'
import { startFront } from './front.fixture.ts'

/** What the developer of the tests may call. */
export const paths = [
  'wecom/agent/get_workbench_template',
  'wecom/checkin/getcheckindata',
  'wecom/getcallbackip',
  'wecom/media/get',
  'wecom/media/upload',
  'wecom/oa/meetingroom/add',
  'wecom/oa/meetingroom/list',
  'official/material/get_material',
  'official/shorten/fetch',
  'official/shorten/gen',
]

/** A world whose agents reach WeCom by a front that sees every call, and a developer who may have calls passed on. */
export async function startPassing() {
  const world = await startWorld({ members: 20, departments: 4 })
  const front = await startFront(() => world.sandbox.url)
  const { ctx, corpId, sandbox } = world
  // Clients keep the address with which they were made, so that only those of the agents come by the front.
  ;(ctx.config as { wecomUrl: string }).wecomUrl = front.url
  for (const agent of sandbox.agents.slice(0, 2)) await putAgent(ctx, 'test', corpId, { ...agent, uses: [] })
  const [agentId = 0, otherAgentId = 0] = sandbox.agents.map(one => one.agentId)
  const account = await world.bindOfficial()
  const dev = await world.addDeveloper({
    scopes: ['upstream:call'],
    upstreamPaths: [...paths],
    approvePersonal: true,
  })
  const { id: appId } = await addApp(ctx, 'test', corpId, { name: '报修', devId: dev.devId, agentId })
  const raw = rawCalls(world.server.url, dev)
  return {
    world,
    front,
    dev,
    account,
    agentId,
    otherAgentId,
    appId,
    raw,
    /** The envelope of the answer. */
    async codeOf(target: string, init?: Init) {
      const { text } = await raw(target, init)
      return JSON.parse(text) as { retCode: string; retMessage: string; body?: unknown }
    },
    async close() {
      await world.close()
      await front.close()
    },
  }
}
export type PassthroughFixture = Awaited<ReturnType<typeof startPassing>>

type Init = { body?: string | Buffer; type?: string; by?: Caller }
type RawAnswer = { status: number; text: string; bytes: Buffer; headers: NodeJS.Dict<string | string[]> }

/** Makes calls with exactly this address and body. */
function rawCalls(url: string, dev: Caller) {
  const { hostname, port } = new URL(url)
  return async (target: string, { body, type = 'application/json', by = dev }: Init = {}) => {
    const token = await by.token()
    return new Promise<RawAnswer>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      }
      const method = body === undefined ? 'GET' : 'POST'
      const sent = request({ hostname, port, path: target, method, headers }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          resolve({
            status: response.statusCode ?? 0,
            text: bytes.toString(),
            bytes,
            headers: response.headers,
          })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

const now = () => Math.floor(Date.now() / 1000)
/** The last three days of somebody. */
export const checkIns = () => ({
  opencheckindatatype: 3,
  starttime: now() - 3 * 86_400,
  endtime: now(),
  useridlist: ['zhangsan'],
})
