import { startCasSample } from './cas-app.ts'
import { startOidcSample } from './oidc-app.ts'
import type { SignInStep } from './parts.ts'

/**
 * Reads WISP_SAMPLE_HOST (127.0.0.1), WISP_SAMPLE_OIDC_PORT, WISP_SAMPLE_OIDC_ISSUER, WISP_SAMPLE_OIDC_CLIENT_ID and
 * WISP_SAMPLE_OIDC_CLIENT_SECRET, WISP_SAMPLE_CAS_PORT and WISP_SAMPLE_CAS_BASE. When both listen, it prints `{oidcUrl, casUrl}` and sends it
 * to the parent process, and later `{step}` for each step of the tour that happens in them.
 */
function required(name: string): string {
  const text = process.env[name]
  if (!text) throw new Error(`${name} is not set`)
  return text
}

try {
  const host = process.env['WISP_SAMPLE_HOST'] || '127.0.0.1'
  const onStep = (step: SignInStep) => void process.send?.({ step })
  const oidc = await startOidcSample({
    host,
    onStep,
    port: Number(required('WISP_SAMPLE_OIDC_PORT')),
    scope: 'openid profile departments',
    issuer: required('WISP_SAMPLE_OIDC_ISSUER'),
    clientId: required('WISP_SAMPLE_OIDC_CLIENT_ID'),
    clientSecret: required('WISP_SAMPLE_OIDC_CLIENT_SECRET'),
  })
  const cas = await startCasSample({
    host,
    onStep,
    port: Number(required('WISP_SAMPLE_CAS_PORT')),
    base: required('WISP_SAMPLE_CAS_BASE'),
  })
  const urls = { oidcUrl: oidc.url, casUrl: cas.url }
  console.log(JSON.stringify(urls))
  process.send?.(urls)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await Promise.all([oidc.close(), cas.close()])
      process.exit(0)
    })
  }
} catch (error) {
  console.error(`sign-in samples: ${(error as Error).message}`)
  process.exit(1)
}
