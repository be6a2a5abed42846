import { expect, it } from 'vitest'
import { acts } from '../../platform/audit/acts.ts'
import { fields } from '../../platform/audit/fields.ts'
import { actIn, detailIn, detailLine, targetNameIn } from './telling.ts'

const zh = { language: 'zh', mirror: undefined, timeZone: 'Asia/Shanghai' } as const
const en = { language: 'en', mirror: undefined, timeZone: 'Asia/Shanghai' } as const

it('calls every act and every field by words, in Chinese and in English', () => {
  for (const [name, { zh, en }] of [...Object.entries(acts), ...Object.entries(fields)]) {
    expect(en, name).toMatch(/^[A-Z][^\u4e00-\u9fff]*$|一码通|openid/)
    expect(zh, name).not.toBe(name)
  }
  expect([actIn('zh', 'app.set'), actIn('en', 'app.set')]).toEqual(['修改应用', 'Change app'])
  expect(actIn('zh', 'of.another.version')).toBe('of.another.version')
})

it('tells values as people say them', () => {
  const changes = [
    { field: 'enabled', before: true, after: false },
    { field: 'iconHash', before: 'a'.repeat(64), after: null },
    { field: 'contactSecret' },
    { field: 'level', before: null, after: 3 },
    {
      field: 'visibility',
      before: { everyone: true, departments: [], tags: [] },
      after: { everyone: false, departments: [2, 3], tags: [] },
    },
    {
      field: 'departments',
      before: [],
      after: [
        { departmentId: 3, manage: true },
        { departmentId: 5, manage: false },
      ],
    },
    { field: 'homeUrl', before: '', after: 'https://oa.huayu.example/' },
  ]
  expect(detailIn(zh, { changes }).changes).toEqual([
    { name: '启用', before: '是', after: '否', isSecret: false },
    { name: '图标', before: 'aaaaaaaa…', after: '—', isSecret: true },
    { name: '通讯录 Secret', before: '—', after: '—', isSecret: true },
    { name: '管理员等级', before: '—', after: '分级管理员', isSecret: false },
    { name: '可见范围', before: '全体成员', after: '部门：2、3', isSecret: false },
    { name: '部门', before: '—', after: '3（可以修改）、5', isSecret: false },
    { name: '电脑地址', before: '—', after: 'https://oa.huayu.example/', isSecret: false },
  ])
  expect(detailLine(en, { changes: changes.slice(0, 3) })).toBe(
    'Enabled: Yes → No; Icon: replaced; Contact secret: replaced',
  )
})

it('tells numbers, money, times and hashes', () => {
  const detail = {
    bills: 7868,
    amount: 12_850,
    expiresAt: '2026-11-28T01:05:00.000Z',
    sha256: '0123456789abcdef'.repeat(4),
    n: 1200,
    ok: true,
  }
  expect(detailLine(zh, detail)).toBe(
    '账单数：7,868；金额：¥128.50；到期：2026 年 11 月 28 日 09:05:00；文件校验值：01234567…；版本：1200；通过：是',
  )
})

it('names the list that was exported', () => {
  const entry = { act: 'export', target: 'audit', targetName: '' }
  expect([targetNameIn('zh', entry), targetNameIn('en', entry)]).toEqual(['审计', 'Audit'])
  expect(targetNameIn('zh', { act: 'app.set', target: '7', targetName: '教务' })).toBe('教务')
})
