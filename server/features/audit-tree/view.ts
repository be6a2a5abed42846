import { type Static, Type } from 'typebox'
import { time } from '../../platform/http/output.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import type { Integrity } from './integrity.ts'
import { findingWords } from './tree/finding.ts'

export const bucketShape = Type.Object({
  endpoint: Type.String({ about: { zh: 'S3 的地址', en: 'Endpoint of S3' } }),
  region: Type.String({ about: { zh: '地域', en: 'Region' } }),
  bucket: Type.String({ about: { zh: '名称', en: 'Name' } }),
  addressing: Type.Enum(['virtual-host', 'path', 'own-domain'], {
    about: { zh: '存储桶在地址的哪里', en: 'Where the bucket stands in addresses' },
  }),
  prefix: Type.String({ about: { zh: '前缀', en: 'Prefix' } }),
  accessKey: Type.String({ about: { zh: 'Access Key', en: 'Access key' } }),
})

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
  mails: Type.Array(Type.String(), {
    about: { zh: '每天收到检查点的邮箱', en: 'Mail addresses that are sent one each day' },
  }),
  receiver: Type.String({
    about: {
      zh: '接收检查点的审计接收端的 id',
      en: 'Id of the receiver of the audit log that is sent checkpoints',
    },
  }),
  receiverName: Type.String({ about: { zh: '接收端的名称', en: 'Name of the receiver' } }),
  bucket: Type.Union([bucketShape, Type.Null()], {
    about: {
      zh: '存放检查点的存储桶，不含 Secret Key',
      en: 'Bucket that checkpoints are put into, without its secret key',
    },
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
  grants: Type.Union(
    [
      Type.Object({
        checkedAt: time,
        held: Type.Number({ about: { zh: '现有授权', en: 'How many grants there are' } }),
        listed: Type.Number({
          about: { zh: '开始比对时已有的授权', en: 'How many there were when the comparison began' },
        }),
        listedAt: Type.Union([time, Type.Null()], { about: { zh: '开始比对的时间', en: 'When it began' } }),
        confirmedAt: Type.Union([time, Type.Null()], {
          about: {
            zh: '确认这些授权的时间；null 为没有确认',
            en: 'When these were confirmed; null: by nobody',
          },
        }),
        confirmedBy: Type.String({ about: { zh: '谁确认', en: 'Who confirmed them' } }),
        found: Type.Number({ about: { zh: '与审计不符的授权', en: 'How many do not fit the acts' } }),
        findings: Type.Array(Type.String(), {
          about: { zh: '不符之处，最多 50 处', en: 'What does not fit, at most 50' },
        }),
      }),
      Type.Null(),
    ],
    { about: { zh: '最近一次授权比对', en: 'The last comparison of grants with the acts' } },
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
  const { tree, size, waiting, isEntering, isProved, verifierKey, to, receiverName, verification, grants } =
    one
  const findings = verification?.findings ?? []
  return {
    corpId: tree || null,
    size,
    waiting,
    isEntering,
    isProved,
    verifierKey,
    ...to,
    receiverName,
    sentAt: one.sentAt,
    problem: one.problem ? wordsIn(language, one.problem) : '',
    checkpoints: one.checkpoints.map(({ number, size, cause, madeAt, note }) => ({
      number,
      size,
      cause,
      at: madeAt,
      note,
    })),
    grants: grants
      ? {
          checkedAt: grants.checkedAt,
          held: grants.held,
          listed: grants.listed,
          listedAt: grants.listedAt,
          confirmedAt: grants.confirmedAt,
          confirmedBy: grants.confirmedBy,
          found: grants.findings.length,
          findings: grants.findings
            .slice(0, findingsShown)
            .map(finding => wordsIn(language, findingWords(finding))),
        }
      : null,
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
