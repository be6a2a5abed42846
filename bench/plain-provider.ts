import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from './processes.ts'

/** oidc-provider alone, with its own adapter in memory and the settings with which wisp runs it, as far as they cost time. */
const { Provider } = await import('oidc-provider')
const server = createServer()
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const client = {
  client_id: 'bench',
  client_secret: 'a secret of the benchmark',
  redirect_uris: ['https://app.example.com/callback'],
}
const provider = new Provider(issuer, {
  clients: [client],
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  async loadExistingGrant(ctx) {
    const { session, client, params } = ctx.oidc
    if (!session?.accountId || !client) return undefined
    const grant = new ctx.oidc.provider.Grant({ accountId: session.accountId, clientId: client.clientId })
    grant.addOIDCScope(String(params?.['scope'] ?? 'openid'))
    await grant.save()
    return grant
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
})
const callback = provider.callback()
server.on('request', async (request, response) => {
  if (!request.url?.startsWith('/interaction/')) return callback(request, response)
  const { uid } = await provider.interactionDetails(request, response)
  return provider.interactionFinished(request, response, { login: { accountId: `person-${uid}` } })
})

answerParent({ ready: issuer, clientId: client.client_id, clientSecret: client.client_secret }, {})
