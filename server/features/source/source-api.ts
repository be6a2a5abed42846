import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { flag, integer, optionalStructured } from '../../platform/http/input.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { languageOf, wordsIn } from '../../platform/words.ts'
import { type PutResult, putAtMost, putSourceRows } from './put-rows.ts'

const cells = Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 1000 }), {
  maxProperties: 60,
})
const rows = Type.Array(cells, { maxItems: putAtMost })
const keys = Type.Array(Type.String({ maxLength: 128 }), { maxItems: putAtMost })

const results = (zh: string, en: string) =>
  Type.Array(
    Type.Object({
      key: Type.String({ about: { zh: '这一行的唯一值', en: 'Key of the row' } }),
      ok: Type.Boolean({ about: { zh: '是否保存', en: 'Whether it was stored' } }),
      why: Type.String({
        about: { zh: '没有保存的原因，或被略去的字段', en: 'Why it was not, or which fields were left out' },
      }),
    }),
    { about: { zh, en } },
  )

export const putSource = endpoint({
  methods: ['POST'],
  path: '/api/source/put',
  section: 'wisp',
  summary: { zh: '提交人事源', en: 'Give rows of a source of people' },
  description: {
    zh: '提交人员和部门，按唯一值新增或覆盖；列名是管理员在人事源中设置的列。每次最多 500 行，每行各有结果。没有提交的行保持不变，离职用 removePeople 或在职状态列表示。全部提交后令 complete 为 1，平台生成预览，管理员批准（或按设置自动批准）后写入企业微信。部门为 code、name、parent（空为最上级）和可选的 sort。',
    en: 'Gives people and departments, which are added or replaced by their key; the columns are those that administrators set for the source. At most 500 rows a call, each with its result. Rows that are not given stay as they are; leavers are named in removePeople, or by the column of the state. With complete 1 a preview is made, which is written into WeCom once administrators, or the settings, approve it. A department has code, name, parent ("" for the top) and, if wanted, sort.',
  },
  access: { by: 'developer', scope: 'source:write' },
  input: {
    sourceId: integer(
      { zh: '人事源编号', en: 'Number of the source' },
      { min: 1, max: Number.MAX_SAFE_INTEGER },
    ),
    people: optionalStructured({ zh: '人员，每行为列名到值', en: 'People, each a value by column' }, rows),
    departments: optionalStructured({ zh: '部门', en: 'Departments' }, rows),
    removePeople: optionalStructured({ zh: '离职人员的唯一值', en: 'Keys of people who left' }, keys),
    removeDepartments: optionalStructured(
      { zh: '取消的部门编码', en: 'Codes of departments that are no more' },
      keys,
    ),
    complete: flag({ zh: '1：全部提交完，生成预览', en: '1: all was given, make a preview' }),
  },
  logged: ['sourceId'],
  output: Type.Object({
    people: results('人员的结果，按提交的顺序', 'What became of the people, in their order'),
    departments: results('部门的结果', 'What became of the departments'),
    removed: results('移除的结果', 'What became of removals'),
  }),
  errors: [],
  sample: { people: [{ key: '1001', ok: true, why: '' }], departments: [], removed: [] },
  sampleInput: {
    sourceId: 1,
    people: [
      {
        工号: '1001',
        姓名: '张三',
        手机: '13800000000',
        部门: '研发/前端',
        职务: '工程师',
        直属上级工号: '',
      },
    ],
    complete: '1',
  },
  async handle(ctx: Core & { corps: Corps; offered: FeatureOffers }, { input, developer, request }) {
    const {
      sourceId,
      people = [],
      departments = [],
      removePeople = [],
      removeDepartments = [],
      complete,
    } = input
    const put = { people, departments, removePeople, removeDepartments, isComplete: complete }
    const done = await putSourceRows(ctx, developer.corpId, sourceId, put, developer.devId)
    const language = languageOf(request.headers['accept-language'])
    const shown = (list: readonly PutResult[]) =>
      list.map(({ key, ok, why }) => ({ key, ok, why: why.map(one => wordsIn(language, one)).join('; ') }))
    return { people: shown(done.people), departments: shown(done.departments), removed: shown(done.removed) }
  },
})
