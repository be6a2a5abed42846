import { describe, expect, it } from 'vitest'
import type { AppSignIn } from '../app-sign-in.ts'
import { readRedirectUris } from '../redirect-uris.ts'
import { readServices } from '../services.ts'
import { configurationsOf } from './configurations.ts'
import { programs, settingsFor } from './programs.ts'

const shared = { appId: 'a', corpId: 'ww1', relation: 'own', isFramed: false, leastAcr: 1 } as const
const settings = { userNameField: 'userid', attributes: [], clientSecret: '', version: 1 } as const
const rest = {
  groups: { departments: true, tags: false, roles: false },
  ownerChange: null,
  updatedBy: 'test',
}
const claims = [{ name: 'profile', purpose: 'x', approvedBy: '', approvedAt: '' }] as const
const oidc = {
  clientId: 'wisp-abc',
  isPublic: false,
  redirectUris: ['https://app.example.com/cb'],
  postLogoutRedirectUris: [],
  logoutUri: '',
  privateSchemes: false,
  refresh: false,
  device: false,
  idTokenAlg: 'RS256',
} as const
const cas = {
  services: ['https://*.example.edu/app/'],
  allowsHttp: false,
  ticketSeconds: 10,
  attributesInV2: false,
  singleLogout: true,
  logoutUri: '',
}
const base = { ...shared, ...settings, ...rest, claims, updatedAt: new Date(0) }
const addresses = { issuer: 'https://id.example.edu/oidc/ww1', casBase: 'https://id.example.edu:8443/cas' }
const ofOidc = { ...base, kind: 'oidc', oidc, cas: null } as unknown as AppSignIn
const ofCas = { ...base, kind: 'cas', oidc: null, cas } as unknown as AppSignIn
const render = (signIn: AppSignIn) => configurationsOf({ name: '图书馆' }, signIn, addresses)

describe('ready-made configurations', () => {
  it.each(render(ofOidc).map(one => [one.name, one.text]))(
    '%s has the values of the client',
    (_name, text) => {
      expect(text).toContain(addresses.issuer)
      expect(text).toContain('wisp-abc')
      expect(text).toContain('CLIENT_SECRET')
      expect(text).toContain('profile')
      expect(text).not.toMatch(/undefined|null|\$\{/)
    },
  )

  it.each(render(ofCas).map(one => [one.name, one.text]))('%s has the address of CAS', (_name, text) => {
    expect(text).toContain('id.example.edu')
    expect(text).toContain('8443')
    expect(text).toContain('/cas')
    expect(text).toContain('https://app.example.edu')
    expect(text).not.toMatch(/undefined|null|\$\{|\*\.example/)
  })

  it('are those that administrators asked for', () => {
    const names = programs.map(one => one.name)
    const wanted = ['mod_auth_openidc', 'Spring Security', 'GitLab', 'Grafana', 'Nextcloud', 'Jenkins']
    expect(names).toEqual(expect.arrayContaining([...wanted, 'phpCAS', 'java-cas-client', 'mod_auth_cas']))
    expect(render({ ...ofOidc, kind: 'none', oidc: null })).toEqual([])
  })
})

describe('a program by nothing but its address', () => {
  it.each(programs.map(one => [one.id, one] as const))('%s has settings that are accepted', (_id, one) => {
    const { home, settings } = settingsFor(one, ' https://sub.example.edu:8443/app', 'zh')
    expect(home).toBe('https://sub.example.edu:8443/app/')
    expect(settings.claims?.map(claim => claim.name)).toContain('profile')
    expect(settings.claims?.every(claim => /\p{Script=Han}/u.test(claim.purpose))).toBe(true)
    if (settings.kind === 'cas') expect(readServices(settings.cas?.services ?? [], '', false)).toEqual([home])
    else expect(readRedirectUris(settings.oidc?.redirectUris ?? [], '', false)[0]).toMatch(home)
    expect(new Set(programs.map(({ id }) => id)).size).toBe(programs.length)
  })

  it('is recognised by where people are sent back to', () => {
    const grafana = programs.find(one => one.id === 'grafana')!
    const { redirectUris = [] } = settingsFor(grafana, 'https://g.example.edu', 'en').settings.oidc ?? {}
    expect(redirectUris).toEqual(['https://g.example.edu/login/generic_oauth'])
    const rendered = render({ ...ofOidc, oidc: { ...oidc, redirectUris } } as unknown as AppSignIn)
    expect(rendered.filter(one => one.isRegistered).map(one => one.id)).toEqual(['grafana'])
  })

  it.each([
    'grafana.example.edu',
    'javascript:alert(1)',
    'https://g.example.edu/?a=1',
    'https://u@g.example.edu/',
  ])('is refused at %s', address =>
    expect(() => settingsFor(programs[0]!, address, 'zh')).toThrow(/address 应为完整的地址/),
  )
})
