import { expect, it } from 'vitest'
import { isSamePerson } from './give-back.ts'

it('takes a leaver and a newcomer for one person by what both rows show', () => {
  const at = new Date('2026-12-01T00:00:00Z')
  const trace = (change: object) => ({
    id: 1,
    userId: 'zhangwei',
    name: '张伟',
    mobile: '',
    attributes: [],
    ...change,
  })
  const number = (value: string) => ({ attributes: [{ name: '工号', value, url: '' }] })
  const same = (left: object, back: object, days = 1) =>
    isSamePerson({ ...trace(left), leftAt: new Date(at.getTime() - days * 86_400_000) }, trace(back), at)
  expect(same({}, {}, 7)).toBe(true)
  expect(same({}, {}, 8)).toBe(false)
  expect(same({ mobile: '1' }, { mobile: '2' })).toBe(false)
  expect(same({ mobile: '1' }, { mobile: '1' }, 900)).toBe(true)
  expect(same({ mobile: '1', ...number('7') }, { mobile: '2', ...number('7') }, 900)).toBe(true)
  expect(same({ mobile: '1', ...number('7') }, { mobile: '1', ...number('8') }, 900)).toBe(true)
  expect(same(number('7'), number('8'))).toBe(false)
  // The phone of a post, or a number that an import gave to many, and all else differs.
  const other = { name: '赵强' }
  expect(same({ mobile: '1', ...number('7') }, { mobile: '1', ...number('8'), ...other })).toBe(false)
  expect(same({ mobile: '1' }, { mobile: '1', ...other })).toBe(false)
  expect(same({ mobile: '1', ...number('7') }, { mobile: '2', ...number('7'), ...other })).toBe(false)
  for (const none of ['无', '-', '0000'])
    expect(same(number(none), { ...number(none), ...other })).toBe(false)
  // Whoever marries keeps the number, and names may be withheld.
  expect(same({ mobile: '1', ...number('7') }, { mobile: '1', ...number('7'), ...other }, 900)).toBe(true)
  expect(same({ mobile: '1' }, { mobile: '1', name: 'zhangwei' }, 900)).toBe(true)
  // The number is the userid, the name too: neither proves anything.
  expect(same(number('ZhangWei'), number('zhangwei'), 8)).toBe(false)
  expect(same({ name: 'zhangwei' }, { name: 'zhangwei' })).toBe(false)
})
