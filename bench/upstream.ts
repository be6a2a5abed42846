import { startSandbox } from '../sandbox/sandbox.ts'
import { answerParent } from './processes.ts'

/** The sandbox WeCom in a process of its own. */
export type UpstreamReady = { url: string; corpId: string; contactSecret: string }

const members = Number(process.env['BENCH_MEMBERS'])
const sandbox = await startSandbox({ members })
process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)))
const { url, corpId, contactSecret } = sandbox
answerParent({ url, corpId, contactSecret } satisfies UpstreamReady, {})
