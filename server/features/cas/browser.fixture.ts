import type { World } from '../../../test/harness.ts'
import type { CasApp } from '../app-sign-in/app-sign-in.ts'
import { setSignIn } from '../app-sign-in/set-sign-in.ts'
import type { SignInSettings } from '../app-sign-in/setting/settings.ts'
import { addApp } from '../apps/apps.ts'

/** An application that signs people in by CAS. */
export async function addCasApp(
  { ctx, corpId }: Pick<World, 'ctx' | 'corpId'>,
  name: string,
  cas: Partial<CasApp> & { services: string[] },
  settings: Omit<SignInSettings, 'kind' | 'cas'> = {},
): Promise<string> {
  const { id } = await addApp(ctx, 'test', corpId, { name, homeUrl: cas.services[0]!.replace('*.', '') })
  const by = { actor: 'test', approves: true }
  await setSignIn(ctx, by, corpId, id, { kind: 'cas', cas, ...settings })
  return id
}

export type PageAnswer = { status: number; location: string; text: string; headers: Headers }

/** Opens an address as a browser does, without following where it leads. */
export async function open(
  url: string,
  cookie = '',
  headers: Record<string, string> = {},
): Promise<PageAnswer> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie, ...headers },
  })
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    text: await response.text(),
    headers: response.headers,
  }
}

/** Of one corp's CAS, as browsers and applications ask it. */
export function casAt(base: string) {
  const address = (call: string, query: Record<string, string>) =>
    `${base}/${call}?${new URLSearchParams(query)}`
  return {
    address,
    login: (cookie: string, query: Record<string, string>, headers?: Record<string, string>) =>
      open(address('login', query), cookie, headers),
    async ticket(cookie: string, service: string, query: Record<string, string> = {}): Promise<string> {
      const { location, text } = await open(address('login', { service, ...query }), cookie)
      const ticket = /[?&]ticket=([^&#]+)/.exec(location)?.[1]
      if (!ticket) throw new Error(`no ticket: ${location} ${text}`)
      return ticket
    },
    async ask(call: string, query: Record<string, string>, headers: Record<string, string> = {}) {
      const response = await fetch(address(call, query), { headers: { 'accept-language': 'en', ...headers } })
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        text: await response.text(),
      }
    },
  }
}
