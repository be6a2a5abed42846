import { describe, expect, it } from 'vitest'
import { checkAbility, whyNot } from './abilities.ts'

const account = (kind: 'subscription' | 'service', verified: boolean) => ({ kind, verified })

describe('what an account may call', () => {
  it('follows its kind and its verification, and is explained otherwise', () => {
    expect(whyNot(account('service', true), 'template')).toBeUndefined()
    expect(whyNot(account('service', false), 'template')?.zh).toBe('模板消息需要微信认证，该账号未认证')
    expect(whyNot(account('subscription', true), 'template')?.zh).toBe('模板消息只对已认证的服务号开放')
    expect(whyNot(account('subscription', false), 'template')?.zh).toBe('模板消息只对已认证的服务号开放')
    expect(whyNot(account('subscription', true), 'publish')).toBeUndefined()
    expect(whyNot(account('service', false), 'menu')).toBeUndefined()
    expect(whyNot(account('subscription', false), 'reply')).toBeUndefined()
  })

  it('is refused with 1009 before WeChat refuses it', () => {
    expect(() => checkAbility(account('subscription', true), 'massByList')).toThrow(
      expect.objectContaining({ code: '1009' }),
    )
    expect(() => checkAbility(account('service', true), 'massByList')).not.toThrow()
  })
})
