import { describe, expect, it } from 'vitest'
import { ownPage } from './return-page.ts'

/** As a feature would declare it in its manifest. */
const offered = { returnTo: (path: string) => /^\/(oidc|cas)(\/|$)/.test(path) }

describe('a page after signing in', () => {
  it.each([
    ['/portal/app/a1?path=%2Fx', '/portal/app/a1?path=%2Fx'],
    ['/oidc/auth/abc?x=1', '/oidc/auth/abc?x=1'],
    ['/cas/login?service=https%3A%2F%2Fa.example', '/cas/login?service=https%3A%2F%2Fa.example'],
    ['/cas/../portal', undefined],
    ['/oidc/../api/x', undefined],
    ['/oidcx', undefined],
    ['//evil.example/oidc/auth', undefined],
    ['/\\evil.example/oidc', undefined],
    ['https://evil.example/oidc/', undefined],
    ['oidc/auth', undefined],
    [`/oidc/${'x'.repeat(5000)}`, undefined],
  ])('%s', (to, page) => {
    expect(ownPage({ offered }, to)).toBe(page)
  })
})
