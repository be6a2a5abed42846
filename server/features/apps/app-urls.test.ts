import { describe, expect, it } from 'vitest'
import { checkOrigin, checkWebUrl, menuUrl, takesTicket, ticketUrl, withQuery } from './app-urls.ts'

describe('an address that an administrator enters', () => {
  it.each([
    ['javascript:alert(1)', 'http:// 或 https://'],
    [' java\nscript:alert(1)', 'http:// 或 https://'],
    ['data:text/html,x', 'http:// 或 https://'],
    ['ftp://a.example/x', 'http:// 或 https://'],
    ['/relative', 'http:// 或 https://'],
    ['http://', 'http:// 或 https://'],
    ['https://user:secret@a.example/', '用户名或密码'],
    ['https://user@a.example/', '用户名或密码'],
  ])('is refused: %j', (url, why) => {
    expect(() => checkWebUrl(url, 'homeUrl')).toThrow(
      `homeUrl ${why === '用户名或密码' ? '不能包含' : '应为 '}${why}`,
    )
  })

  it('is taken with port, query and fragment', () => {
    for (const url of ['http://10.0.0.5:8080/a?b=1#/c', 'https://应用.example/首页']) checkWebUrl(url, 'x')
    expect(checkOrigin('https://App.Example:443/a?b', 'x')).toBe('https://app.example')
  })
})

describe('a ticket in an address', () => {
  it.each([
    ['https://a.example', 'https://a.example/?jessionId=T'],
    ['https://a.example/x?a=1&b=%20+', 'https://a.example/x?a=1&b=%20+&jessionId=T'],
    ['https://a.example/x?a=1#/home?tab=2', 'https://a.example/x?a=1&jessionId=T#/home?tab=2'],
    ['https://a.example/#/home', 'https://a.example/?jessionId=T#/home'],
    ['https://a.example/?jessionId=old&a=1', 'https://a.example/?a=1&jessionId=T'],
    ['https://a.example/?jession%49d=old', 'https://a.example/?jessionId=T'],
    ['https://a.example/?jessionIdx=1', 'https://a.example/?jessionIdx=1&jessionId=T'],
    ['https://a.example/?', 'https://a.example/?jessionId=T'],
  ])('%s becomes %s', (url, expected) => {
    expect(ticketUrl(url, 'T')).toBe(expected)
  })

  it('is written so that it cannot end the parameter', () => {
    expect(withQuery('http://a/?x=1', { id: 'a&b=#c', userId: '张 三' })).toBe(
      'http://a/?x=1&id=a%26b%3D%23c&userId=%E5%BC%A0%20%E4%B8%89',
    )
  })

  it('is for the app’s own origins alone', () => {
    const app = { origins: ['https://a.example', 'http://b.example:8080'] }
    for (const url of ['https://a.example/x', 'http://b.example:8080/'])
      expect(takesTicket(app, url)).toBe(true)
    for (const url of [
      'http://a.example/',
      'https://a.example.evil/',
      'https://b.example:8080/',
      '//a.example/',
      'x',
    ])
      expect(takesTicket(app, url)).toBe(false)
  })
})

describe('the path of a menu entry', () => {
  const app = { homeUrl: 'https://a.example/app/index.html?x=1', mobileUrl: '' }
  it.each([
    ['list', 'https://a.example/app/list'],
    ['/list?a=1', 'https://a.example/list?a=1'],
    ['#/list', 'https://a.example/app/index.html?x=1#/list'],
    ['//b.example/x', 'https://b.example/x'],
    ['http://c.example', 'http://c.example/'],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('%j leads to %s', (path, url) => {
    expect(menuUrl(app, path)).toBe(url)
  })

  it('leads nowhere when it is relative and there is no home page', () => {
    expect(menuUrl({ homeUrl: '', mobileUrl: '' }, 'list')).toBeUndefined()
  })
})
