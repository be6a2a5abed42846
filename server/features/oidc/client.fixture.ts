import * as client from 'openid-client'
import type { World } from '../../../test/harness.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { setSignIn } from '../app-sign-in/set-sign-in.ts'
import type { SignInSettings } from '../app-sign-in/setting/settings.ts'
import { addApp } from '../apps/apps.ts'
import type { LandingPage, TestBrowser } from './browser.fixture.ts'

/** An application, and openid-client set up for it as its developer would. */
export type TestClient = {
  appId: string
  clientId: string
  clientSecret: string
  issuer: string
  redirectUri: string
  config: client.Configuration
}

export async function addClient(
  world: World,
  name: string,
  settings: Omit<SignInSettings, 'kind'>,
  corpId = world.corpId,
): Promise<TestClient> {
  const { ctx } = world
  const app = await addApp(ctx, 'test', corpId, { name, homeUrl: 'https://app.example.com/' })
  const by = { actor: 'test', approves: true }
  const made = await setSignIn(ctx, by, corpId, app.id, { kind: 'oidc', ...settings })
  const clientId = made.signIn?.oidc?.clientId ?? ''
  const { issuer } = ctx.appSignIns.addressesOf(corpId)
  const secret = made.clientSecret
  const config = await client.discovery(
    new URL(issuer),
    clientId,
    {
      ...(secret ? { client_secret: secret } : {}),
      id_token_signed_response_alg: made.signIn?.oidc?.idTokenAlg ?? 'RS256',
    },
    secret ? client.ClientSecretBasic(secret) : client.None(),
    { execute: [client.allowInsecureRequests] },
  )
  const redirectUri = settings.oidc?.redirectUris?.[0] ?? ''
  return { appId: app.id, clientId, clientSecret: secret, issuer, redirectUri, config }
}

export type SignInStart = { url: URL; verifier: string; checks: client.AuthorizationCodeGrantChecks }

/** The address to which the application sends the person. */
export async function begin(app: TestClient, parameters: Record<string, string> = {}): Promise<SignInStart> {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(app.config, {
    redirect_uri: app.redirectUri,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  })
  return {
    url,
    verifier,
    checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
  }
}

export type Tokens = Awaited<ReturnType<typeof redeem>>

/** What the application does when the person is back with a code. */
export async function redeem({ config }: TestClient, landed: LandingPage, { checks }: SignInStart) {
  if (!landed.url.searchParams.has('code')) throw new Error(`no code: ${landed.url} ${landed.html}`)
  return client.authorizationCodeGrant(config, landed.url, checks)
}

/** A whole sign-in of somebody who need not do anything. */
export async function signInTo(
  app: TestClient,
  browser: TestBrowser,
  parameters: Record<string, string> = {},
): Promise<Tokens> {
  const asked = await begin(app, parameters)
  return redeem(app, await browser.get(asked.url.href), asked)
}

export function memberNamed({ ctx, corpId }: World, userId: string): MemberCore {
  const member = ctx.mirrors.of(corpId).members.byKey(userId)
  if (!member) throw new Error(`no ${userId}`)
  return member
}
