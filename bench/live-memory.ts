import { answerParent } from './processes.ts'

/**
 * Loaded into the server of server/main.ts: says what is alive there, in MB, after a full collection. RSS alone does
 * not tell what is kept from what V8 has not looked at yet.
 */
const collect = (globalThis as { gc?: () => void }).gc

function live(): number {
  collect?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

answerParent(undefined, { live })
