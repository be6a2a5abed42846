import { type Context, createContext } from '../../../server/context.ts'
import { moveAddress } from '../../../server/features/app-sign-in/addresses.ts'
import { clientSecretPurpose } from '../../../server/features/app-sign-in/sealed.ts'
import { setSignIn } from '../../../server/features/app-sign-in/set-sign-in.ts'
import type { SignInSettings } from '../../../server/features/app-sign-in/setting/settings.ts'
import { addApp, listApps, setApp } from '../../../server/features/apps/apps.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import type { DemoCas, DemoOidc } from '../demo-file.ts'

const by = { actor: 'cli', approves: true }
const claims = [
  { name: 'profile', purpose: '显示姓名' },
  { name: 'departments', purpose: '显示所在部门' },
]

type Sample = { corpId: string; oidcUrl: string; casUrl: string }

/**
 * Binds the two sample applications that know OpenID Connect and CAS alone. Any step may have been done by an earlier start, also at
 * other ports: then its addresses are brought up to date.
 */
async function bind(
  ctx: Context,
  { corpId, oidcUrl, casUrl }: Sample,
): Promise<{ oidc: DemoOidc; cas: DemoCas }> {
  const redirectUri = `${oidcUrl}/callback`
  const client = await put(ctx, corpId, '示例 OpenID Connect', oidcUrl, {
    kind: 'oidc',
    claims,
    oidc: {
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [`${oidcUrl}/`],
      logoutUri: `${oidcUrl}/logout`,
    },
  })
  const service = `${casUrl}/`
  await put(ctx, corpId, '示例 CAS', casUrl, {
    kind: 'cas',
    claims,
    cas: { services: [service], allowsHttp: true },
  })
  for (const [which, path] of [
    ['issuer', 'oidc'],
    ['casBase', 'cas'],
  ] as const) {
    const here = `${ctx.publicUrl()}/${path}/${corpId}`
    if (ctx.appSignIns.addressesOf(corpId)[which] !== here)
      await moveAddress(ctx, by.actor, corpId, which, here)
  }
  const { issuer, casBase: base } = ctx.appSignIns.addressesOf(corpId)
  return { oidc: { issuer, redirectUri, ...client }, cas: { base, service } }
}

/** The credentials of its client; both '' without one. */
async function put(
  ctx: Context,
  corpId: string,
  name: string,
  url: string,
  settings: SignInSettings,
): Promise<{ clientId: string; clientSecret: string }> {
  const known = (await listApps(ctx, corpId)).find(app => app.name === name)
  const description = '不认识 wisp 的应用，用统一登录'
  const homeUrl = `${url}/sign-in`
  const { id } =
    known ?? (await addApp(ctx, by.actor, corpId, { name, category: '示例', description, homeUrl }))
  if (known && known.homeUrl !== homeUrl) await setApp(ctx, by.actor, corpId, id, { homeUrl })
  const { signIn } = await setSignIn(ctx, by, corpId, id, settings)
  const { clientSecret: sealed = '', oidc } = signIn ?? {}
  return {
    clientId: oidc?.clientId ?? '',
    clientSecret: sealed && ctx.seal.open(sealed, clientSecretPurpose),
  }
}

async function main(): Promise<object> {
  const config = readConfig(process.env)
  config.publicUrl ||= `http://${config.host}:${config.port}`
  const ctx = await createContext(config, { log: createLog('error') }, 'command')
  try {
    return await bind(ctx, {
      corpId: process.env['WISP_DEMO_CORP'] ?? '',
      oidcUrl: process.env['WISP_DEMO_OIDC_URL'] ?? '',
      casUrl: process.env['WISP_DEMO_CAS_URL'] ?? '',
    })
  } finally {
    await ctx.close()
  }
}

// As in setup.ts: leave by exit, once the word is out.
try {
  const bound = await main()
  process.send?.(bound, () => process.exit(0))
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
