import { startSandbox } from '../sandbox/sandbox.ts'
import { answerParent } from './processes.ts'

/** The sandbox WeCom in a process of its own. */
export type UpstreamInfo = {
  url: string
  corpId: string
  contactSecret: string
  official: {
    url: string
    originalId: string
    appId: string
    secret: string
    name: string
    followers: number
  }
}

const members = Number(process.env['BENCH_MEMBERS'])
const sandbox = await startSandbox({ members })
process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)))
const { url, corpId, contactSecret } = sandbox
const [account] = sandbox.official.accounts
if (!account) throw new Error('the sandbox has no official account')
const { originalId, appId, secret, name } = account
const official = { url: sandbox.official.url, originalId, appId, secret, name, followers: 1200 }
answerParent({ url, corpId, contactSecret, official } satisfies UpstreamInfo, {})
