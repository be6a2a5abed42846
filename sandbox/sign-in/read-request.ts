import type { Scope } from '../oauth.ts'
import type { Agent } from '../state/identity.ts'
import { SignInRefused, type SignInRequest } from './request.ts'
import type { SignInWorld } from './world.ts'

const maxStateBytes = 128
const kinds: Readonly<Record<string, SignInRequest['kind']>> = {
  '/connect/oauth2/authorize': 'oauth',
  '/wwlogin/sso/login': 'qr',
  '/wwopen/sso/qrConnect': 'qr',
}

/** The paths of WeCom's sign-in pages. */
export const signInPaths = Object.keys(kinds)

/**
 * Reads the address of a sign-in page, with or without its origin. Throws SignInRefused where WeCom would
 * show an error.
 */
export function readRequest(world: SignInWorld, address: string): SignInRequest {
  const url = URL.parse(address, 'http://sandbox')
  const kind = url ? kinds[url.pathname] : undefined
  if (!url || !kind) throw new SignInRefused(`这不是登录页面的地址：${address.slice(0, 200)}`)
  const query = url.searchParams
  const corpId = query.get('appid') ?? ''
  if (corpId !== world.identity.corpId)
    throw new SignInRefused(`没有企业 ${corpId || '（appid 为空）'}`, 40013)
  if (kind === 'oauth' && query.get('response_type') !== 'code')
    throw new SignInRefused('response_type 必须是 code')
  const loginType = query.get('login_type')
  if (url.pathname === '/wwlogin/sso/login' && loginType !== 'CorpApp')
    throw new SignInRefused(`login_type 必须是 CorpApp，不是 ${loginType || '空'}`)
  const scope = kind === 'qr' ? 'snsapi_base' : readScope(query.get('scope') ?? '')
  const agent = readAgent(world, query.get('agentid') ?? '', kind === 'qr' || scope === 'snsapi_privateinfo')
  const redirectUri = readRedirect(world, agent, query.get('redirect_uri') ?? '')
  return { kind, agent, scope, redirectUri, state: readState(url.search) }
}

function readScope(scope: string): Scope {
  if (scope === 'snsapi_base' || scope === 'snsapi_privateinfo') return scope
  throw new SignInRefused(`scope 必须是 snsapi_base 或 snsapi_privateinfo，不是 ${scope || '空'}`)
}

function readAgent(world: SignInWorld, agentId: string, required: boolean): Agent | undefined {
  if (agentId === '' && !required) return undefined
  if (agentId === '') throw new SignInRefused('缺少 agentid', 41011)
  const agent = world.agents.find(one => String(one.agentId) === agentId)
  if (!agent) throw new SignInRefused(`企业没有应用 ${agentId}`, 40056)
  if (agent.disabled) throw new SignInRefused(`应用“${agent.name}”已停用`, 50003)
  return agent
}

/**
 * The host with its port must be the trusted domain of the application; without an application, that of any
 * application.
 */
function readRedirect(world: SignInWorld, agent: Agent | undefined, redirectUri: string): string {
  if (redirectUri === '') throw new SignInRefused('缺少 redirect_uri')
  const url = URL.parse(redirectUri)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new SignInRefused(`redirect_uri 不是网址：${redirectUri.slice(0, 200)}`)
  const trusted = (agent ? [agent] : world.agents).map(one => one.trustedDomain)
  if (trusted.some(domain => domain === '' || domain === url.host)) return redirectUri
  throw new SignInRefused(
    `redirect_uri 的域名 ${url.host} 不是应用的可信域名（${trusted.join('、')}）`,
    50001,
  )
}

function readState(search: string): string {
  const part = search
    .slice(1)
    .split('&')
    .find(one => one.startsWith('state='))
  const state = part?.slice('state='.length) ?? ''
  if (state.length > maxStateBytes) throw new SignInRefused(`state 超过 ${maxStateBytes} 字节`)
  return state
}
