import { startSampleApp } from './sample-app.ts'

/**
 * Reads WISP_SAMPLE_PORT (3002), WISP_SAMPLE_HOST (127.0.0.1), WISP_SAMPLE_WISP_URL, WISP_SAMPLE_DEV_ID,
 * WISP_SAMPLE_DEV_SECRET, and WISP_SAMPLE_APP_ID, without which nobody asks for leave. When it listens, it prints `{sampleUrl}` and sends it to the parent process, and
 * later `{step}` for each step of the tour that happens in it.
 */
function required(name: string): string {
  const text = process.env[name]
  if (!text) throw new Error(`${name} is not set`)
  return text
}

const appId = process.env['WISP_SAMPLE_APP_ID']

try {
  const app = await startSampleApp({
    url: required('WISP_SAMPLE_WISP_URL'),
    devId: required('WISP_SAMPLE_DEV_ID'),
    devSecret: required('WISP_SAMPLE_DEV_SECRET'),
    port: Number(process.env['WISP_SAMPLE_PORT'] || 3002),
    host: process.env['WISP_SAMPLE_HOST'] || '127.0.0.1',
    ...(appId ? { leaves: { appId, approver: 'zhangsan' } } : {}),
    onStep: step => process.send?.({ step }),
  })
  console.log(JSON.stringify({ sampleUrl: app.url }))
  process.send?.({ sampleUrl: app.url })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await app.close()
      process.exit(0)
    })
  }
} catch (error) {
  console.error(`sample app: ${(error as Error).message}`)
  process.exit(1)
}
