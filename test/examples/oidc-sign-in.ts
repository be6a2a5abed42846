import { expect } from 'vitest'
import { browserOf } from '../../server/features/oidc/browser.fixture.ts'
import type { World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { until } from '../until.ts'

/** Signs somebody in to the program that listens at `app`, tries what an attacker would, and signs out. */
export async function signInBy(app: string, world: World): Promise<void> {
  const ask = async (path: string, cookie = '') => {
    const answer = await fetch(`${app}${path}`, { redirect: 'manual', headers: { cookie } })
    const [session = ''] = (answer.headers.get('set-cookie') ?? '').split(';', 1)
    const text = await answer.text()
    return { status: answer.status, to: answer.headers.get('location') ?? '', session, text }
  }
  await until('the program', () => ask('/').catch(() => undefined))
  expect(await ask('/')).toMatchObject({ status: 302, to: '/sign-in' })
  const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
  const begin = async () => {
    const begun = await ask('/sign-in')
    const { url } = await browser.get(begun.to)
    expect(url.origin, url.href).toBe(app)
    return { session: begun.session, back: `${url.pathname}${url.search}` }
  }

  const { session, back } = await begin()
  const signedIn = await ask(back, session)
  expect(signedIn).toMatchObject({ status: 302, to: '/' })
  expect(signedIn.session).not.toBe(session)
  expect((await ask('/', signedIn.session)).text).toMatch(/^\w[\w-]* .*\n$/)
  expect((await ask('/', session)).to).toBe('/sign-in')

  // A code twice, one of another browser, one with another state, and what an attacker made up.
  const other = await begin()
  const forged = other.back.replace(/state=[^&]*/, 'state=forged')
  const wrongs = [
    [back, session],
    [other.back, ''],
    [other.back, signedIn.session],
    [forged, other.session],
    ['/callback?error=access_denied&state=x', ''],
  ] as const
  for (const [path, cookie] of wrongs) expect((await ask(path, cookie)).status, path).toBe(400)
  const late = await begin()
  expect((await ask(late.back.replace(/code=[^&]*/, 'code=none'), late.session)).status).toBe(400)
  const strange = await begin()
  const from = `iss=${encodeURIComponent(app)}`
  expect((await ask(strange.back.replace(/iss=[^&]*/, from), strange.session)).status).toBe(400)

  const out = await ask('/sign-out', signedIn.session)
  expect(out.to).toMatch(/\/session\/end\?.*id_token_hint=/)
  expect((await ask('/', signedIn.session)).to).toBe('/sign-in')
}
