import { describe, expect, it } from 'vitest'
import { mayBeFramed } from './reach.ts'

const portal = 'https://wisp.example.com'
const page = 'https://app.example.com'
const framed = (headers: Record<string, string>) => mayBeFramed(headers, page, portal)

describe('whether a page may be framed', () => {
  it.each([
    [{}, true],
    [{ 'x-frame-options': 'DENY' }, false],
    [{ 'x-frame-options': 'SAMEORIGIN' }, false],
    [{ 'content-security-policy': "default-src 'self'" }, true],
    [{ 'content-security-policy': "frame-ancestors 'none'" }, false],
    [{ 'content-security-policy': "frame-ancestors 'self'" }, false],
    [{ 'content-security-policy': 'frame-ancestors https:' }, true],
    [{ 'content-security-policy': 'frame-ancestors *.example.com' }, true],
    [{ 'content-security-policy': 'frame-ancestors wisp.example.com:8443' }, false],
    [{ 'content-security-policy': 'frame-ancestors http://wisp.example.com' }, false],
    [{ 'content-security-policy': `frame-ancestors ${portal}`, 'x-frame-options': 'DENY' }, true],
    [{ 'content-security-policy': `frame-ancestors ${portal}, frame-ancestors 'none'` }, false],
  ])('%j: %s', (headers, expected) => {
    expect(framed(headers as Record<string, string>)).toBe(expected)
  })

  it('knows itself', () => {
    expect(mayBeFramed({ 'x-frame-options': 'SAMEORIGIN' }, portal, portal)).toBe(true)
  })
})
