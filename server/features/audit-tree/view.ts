import { type Static, Type } from 'typebox'
import { time } from '../../platform/http/output.ts'
import { type Language, wordsIn } from '../../platform/http/words.ts'
import type { Integrity } from './integrity.ts'
import { findingWords } from './verify/finding.ts'

export const integrityShape = Type.Object({
  corpId: Type.Union([Type.String(), Type.Null()], {
    about: { zh: '企业；null 为整个平台', en: 'The corp; null: the installation' },
  }),
  size: Type.Number({ about: { zh: '审计树里有多少条', en: 'How many entries the tree has' } }),
  waiting: Type.Number({ about: { zh: '几秒内将进入的', en: 'Rows that enter within seconds' } }),
  isEntering: Type.Boolean({
    about: { zh: '建树之前的记录是否还在进入', en: 'Whether rows of before the tree are still entering' },
  }),
  isProved: Type.Boolean({
    about: {
      zh: '检查点最近是否发到了本机之外；否则无法证明没有被整个改写',
      en: 'Whether checkpoints lately left this machine; else a rewriting of everything could not be seen',
    },
  }),
  verifierKey: Type.String({
    about: { zh: '验证签名的公钥（C2SP vkey）', en: 'With which signatures are verified (a vkey of C2SP)' },
  }),
  url: Type.String({ about: { zh: '接收检查点的地址', en: 'Address that is sent checkpoints' } }),
  members: Type.Array(Type.String(), {
    about: { zh: '每天收到检查点的成员', en: 'Members who are sent one each day' },
  }),
  sentAt: Type.Union([time, Type.Null()], {
    about: { zh: '最近一次发出', en: 'When one was last sent' },
  }),
  problem: Type.String({ about: { zh: '没有发出的原因', en: 'Why the last one was not sent' } }),
  checkpoints: Type.Array(
    Type.Object({
      number: Type.Number({ about: { zh: '编号', en: 'Number' } }),
      size: Type.Number({ about: { zh: '条数', en: 'Entries' } }),
      cause: Type.String({
        about: { zh: 'hour、export 或 asked', en: 'hour, export, or asked' },
      }),
      at: time,
      note: Type.String({ about: { zh: '签名的检查点', en: 'The signed note' } }),
    }),
    { about: { zh: '最近的检查点', en: 'The latest checkpoints' } },
  ),
  verification: Type.Union(
    [
      Type.Object({
        askedAt: time,
        askedBy: Type.String({ about: { zh: '谁发起', en: 'Who asked' } }),
        endedAt: Type.Union([time, Type.Null()], {
          about: { zh: '结束；null 为进行中', en: 'Null while it runs' },
        }),
        checked: Type.Number({ about: { zh: '已读多少条', en: 'Entries read' } }),
        size: Type.Number({ about: { zh: '共多少条', en: 'Entries in all' } }),
        found: Type.Number({ about: { zh: '发现多少处问题', en: 'How many things are wrong' } }),
        findings: Type.Array(Type.String(), {
          about: { zh: '问题，最多 50 处', en: 'What is wrong, at most 50' },
        }),
        problem: Type.String({ about: { zh: '没有完成的原因', en: 'Why it could not be done' } }),
      }),
      Type.Null(),
    ],
    { about: { zh: '最近一次验证', en: 'The last verification' } },
  ),
})

const findingsShown = 50

export function integrityView(one: Integrity, language: Language): Static<typeof integrityShape> {
  const { tree, size, waiting, isEntering, isProved, verifierKey, url, members, verification } = one
  const findings = verification?.findings ?? []
  return {
    corpId: tree || null,
    size,
    waiting,
    isEntering,
    isProved,
    verifierKey,
    url,
    members,
    sentAt: one.sentAt,
    problem: one.problem ? wordsIn(language, one.problem) : '',
    checkpoints: one.checkpoints.map(({ number, size, cause, madeAt, note }) => ({
      number,
      size,
      cause,
      at: madeAt,
      note,
    })),
    verification: verification
      ? {
          askedAt: verification.askedAt,
          askedBy: verification.askedBy,
          endedAt: verification.endedAt,
          checked: verification.checked,
          size: verification.size,
          found: findings.length,
          findings: findings.slice(0, findingsShown).map(finding => wordsIn(language, findingWords(finding))),
          problem: verification.problem,
        }
      : null,
  }
}
