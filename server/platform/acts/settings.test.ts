import { Type } from 'typebox'
import { expect, it } from 'vitest'
import { choiceOf } from '../command/parts.ts'
import { optionalFlag, readInput } from '../http/input.ts'
import { fieldsOf, initialOf, optionsOf, schemasOf, setting, settingsIn } from './settings.ts'

const settings = {
  strict: setting(Type.Boolean(), {
    initial: false,
    page: optionalFlag('1: refuse'),
    option: choiceOf(
      '--unknown <how>',
      { zh: '未知参数', en: 'unknown inputs' },
      { warn: false, refuse: true },
    ),
  }),
  days: setting(Type.Integer(), { initial: 7 }),
}

it('reads a setting alike on each way in that it has', () => {
  expect(Object.keys(schemasOf(settings))).toEqual(['strict', 'days'])
  expect(initialOf(settings)).toEqual({ strict: false, days: 7 })
  const fields = fieldsOf(settings)
  expect([{ strict: '1' }, { strict: '0' }, {}].map(given => readInput(fields, given))).toEqual([
    { strict: true },
    { strict: false },
    { strict: undefined },
  ])
  const { strict } = optionsOf(settings)
  expect([strict.read('refuse'), strict.read('warn'), strict.read(undefined)]).toEqual([
    true,
    false,
    undefined,
  ])
  expect(() => strict.read('yes')).toThrow('--unknown <how> 应为 warn、refuse 之一')
})

it('takes the settings out of what is shown, and nothing else', () => {
  expect(settingsIn(settings, { strict: true, days: 1, secret: 'x' })).toEqual({ strict: true, days: 1 })
})
