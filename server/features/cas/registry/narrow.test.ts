import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seed, soak } from '../../../../test/soak.ts'
import { isServiceOf, readServices } from '../../app-sign-in/services.ts'
import { narrow } from './narrow.ts'

const app = 'https://app.example.edu'

/** Patterns as they stand in registries, and what is left of them. `note`: part of what is said. */
const taken: [pattern: string, services: string[]][] = [
  [String.raw`^https://app\.example\.edu/.*`, [`${app}/`]],
  [String.raw`^https://app\.example\.edu(/.*)?`, [`${app}/`]],
  [String.raw`^https://app\.example\.edu(/.*)?$`, [`${app}/`]],
  [String.raw`https://app\.example\.edu(?:/.*)?`, [`${app}/`]],
  [String.raw`^https://app\.example\.edu/portal(/.*)?`, [`${app}/portal`]],
  [String.raw`^https://app\.example\.edu/portal/.*`, [`${app}/portal/`]],
  [String.raw`^https://((?i)app\.example\.edu)(:443)?/portal(/.*)?`, [`${app}/portal`, `${app}:443/portal`]],
  [String.raw`(?i)^https://\Qapp.example.edu\E/.*`, [`${app}/`]],
  [String.raw`^https://app\.example\.edu:8443/.*`, [`${app}:8443/`]],
  [String.raw`^https://(app|lib)\.example\.edu/.*`, ['https://app.example.edu/', 'https://lib.example.edu/']],
  [String.raw`^https://[^./]+\.example\.edu/.*`, ['https://*.example.edu/']],
  [String.raw`^https://[a-z0-9-]+\.example\.edu/.*`, ['https://*.example.edu/']],
]
const narrowed: [pattern: string, services: string[], note: string][] = [
  ['^https://app.example.edu/.*', [`${app}/`], '未转义'],
  [String.raw`^https?://app\.example\.edu/.*`, [`${app}/`], 'http 地址略去'],
  [String.raw`^(https|imaps)://app\.example\.edu/.*`, [`${app}/`], '不是网页地址'],
  [String.raw`^https://app\.example\.edu.*`, [`${app}/`], '域名之后'],
  [String.raw`^https://app\.example\.edu/portal.*`, [`${app}/portal`], '收窄'],
  [String.raw`^https://.*\.example\.edu/.*`, ['https://*.example.edu/'], '收窄为一级'],
  [String.raw`^https://.*example\.edu/.*`, ['https://*.example.edu/', 'https://example.edu/'], '收窄为一级'],
  [String.raw`^https://app\.example\.edu/(a/.*|b)`, [`${app}/a/`], '只匹配一个地址'],
  [String.raw`^https://app\.example\.edu/(a/.*|[^/]+/b)`, [`${app}/a/`], '路径中间'],
]
const refused: [pattern: string, note: string][] = [
  ['.*', '没有限定'],
  ['^.*$', '没有限定'],
  ['^(https|imaps)://.*', '没有限定域名'],
  ['^https?://.*', '没有限定域名'],
  [String.raw`^https://.*\.edu/.*`, '没有限定域名'],
  [String.raw`^https://app\.example\.edu/login$`, '只匹配一个地址'],
  [String.raw`^https://app\.example\.edu/.*/callback`, '路径中间'],
  [String.raw`^https://app\.[a-z]+\.edu/.*`, '域名中间'],
  [String.raw`^https://app\.example\.edu:\d+/.*`, '端口'],
  [String.raw`^https://(?!evil)app\.example\.edu/.*`, '不支持'],
  [String.raw`^https://app\.example\.edu/(a|b`, '括号'],
  [String.raw`^http://app\.example\.edu/.*`, 'http 地址略去'],
  ['^imaps://.*', '不是网页地址'],
  ['(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)', '太多'],
  ['('.repeat(1500), '括号'],
  ['', '没有限定'],
]

describe('a pattern of Apereo', () => {
  it.each(taken)('is taken: %s', (pattern, services) => {
    expect(narrow(pattern, false)).toEqual({ services, notes: [] })
  })

  it.each(narrowed)('is narrowed: %s', (pattern, services, note) => {
    const found = narrow(pattern, false)
    expect(found.services).toEqual(services)
    expect(found.notes.join()).toContain(note)
  })

  it.each(refused)('is refused: %s', (pattern, note) => {
    const found = narrow(pattern, false)
    expect(found.services).toEqual([])
    expect(found.notes.join()).toContain(note)
  })

  it('may be http where that is allowed', () => {
    const { services } = narrow(String.raw`^https?://app\.example\.edu/.*`, true)
    expect(services).toEqual(['http://app.example.edu/', 'https://app.example.edu/'])
  })
})

describe('what is left of a pattern', () => {
  const all = [...taken, ...narrowed].map(([pattern]) => pattern)
  const piece = fc.constantFrom(
    '^',
    'https://',
    'http',
    's?',
    '://',
    'app',
    String.raw`\.`,
    '.',
    '.*',
    '/',
    '(/.*)?',
  )
  const more = fc.constantFrom(
    'example',
    'edu',
    '(a|b)',
    '[^/]+',
    '[^./]+',
    ':8443',
    String.raw`\?x`,
    '$',
    '(:443)?',
    'p',
  )
  const made = fc
    .array(fc.oneof(piece, more), { minLength: 4, maxLength: 14 })
    .map(parts => `https://app${parts.join('')}`)
  const path = fc.array(fc.constantFrom('/', 'a', 'p', 'portal', 'b', '.x'), { maxLength: 6 })
  const host = fc.constantFrom(
    'app.example.edu',
    'lib.example.edu',
    'a.b.example.edu',
    'example.edu',
    'appp.edu',
  )
  const hostLike = fc.constantFrom('app.example', 'appexample.edu', 'app.edu', 'app.exampleedu')
  const port = fc.constantFrom('', ':8443', ':443')
  const address = fc
    .tuple(fc.oneof(host, hostLike), port, path)
    .map(([one, at, rest]) => `https://${one}${at}/${rest.join('')}`)

  it('is never wider than the pattern was', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...all), made),
        fc.array(address, { minLength: 20, maxLength: 20 }),
        (pattern, addresses) => {
          const { services } = narrow(pattern, false)
          const source = pattern
            .replaceAll('(?i)', '')
            .replace(/\\Q(.*?)\\E/g, (_, text) => text.replaceAll('.', String.raw`\.`))
          let expression: RegExp
          try {
            expression = new RegExp(`^(?:${source})$`, 'i')
          } catch {
            return
          }
          for (const given of addresses) {
            if (!isServiceOf(services, given)) continue
            const url = new URL(given)
            // A browser leaves out the usual port and writes a path, so either spelling may be what the pattern names.
            const spellings = [
              given,
              url.href,
              url.href.replace('.edu/', '.edu:443/'),
              given.replace(/\/$/, ''),
              url.href.replace(/\/$/, ''),
            ]
            expect(
              spellings.some(one => expression.test(one)),
              `${pattern} ${given}`,
            ).toBe(true)
          }
        },
      ),
      { seed, numRuns: soak(2000, 100_000) },
    )
  })

  it('is what an app takes as its services', () => {
    for (const [, services] of [...taken, ...narrowed])
      expect(readServices(services, 'services', false).length).toBeGreaterThan(0)
  })
})
