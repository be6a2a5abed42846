import { type Static, Type } from 'typebox'
import { templateShape } from '../approval-view.ts'
import type { Template } from './setup-store.ts'

export const grantShape = Type.Object(
  {
    devId: Type.String({ maxLength: 64, about: { zh: '开发者', en: 'Developer' } }),
    applies: Type.Boolean({ about: { zh: '可以提交', en: 'May submit by it' } }),
    reads: Type.Boolean({ about: { zh: '可以查看全部审批', en: 'May see all its approvals' } }),
  },
  { additionalProperties: false },
)

export const grantsAbout = { zh: '授权的开发者', en: 'Developers who may use it' }

/** A template as administrators see it: names of its fields, and who may use it. */
export const templateSchema = Type.Object({
  templateId: templateShape.templateId,
  name: templateShape.name,
  flow: templateShape.flow,
  fields: Type.Array(Type.String(), { about: { zh: '字段名', en: 'Names of its fields' } }),
  grants: Type.Array(grantShape, { about: grantsAbout }),
})
export type TemplateView = Static<typeof templateSchema>

export const viewOfTemplate = ({ id, name, flow, fields, grants }: Template): TemplateView => ({
  templateId: id,
  name,
  flow,
  fields: fields.map(one => one.name),
  grants: [...grants],
})

export const sampleTemplate: TemplateView = {
  templateId: 'C4UFFvFYT',
  name: '请假',
  flow: 'wecom',
  fields: ['请假类型', '请假事由'],
  grants: [],
}

export const agentAbout = {
  zh: '审批使用的企业微信应用，须在企业微信「审批 → 可调用接口的应用」中',
  en: 'The WeCom app that is used for approvals; WeCom lists it under 审批 → 可调用接口的应用',
}
export const appAbout = {
  zh: '待办归属的应用；没有时不产生待办',
  en: 'The app that to-dos of approvals belong to; without one there are none',
}

export const settingSchema = Type.Object({
  agentId: Type.Union([Type.Integer(), Type.Null()], { about: agentAbout }),
  appId: Type.Union([Type.String(), Type.Null()], { about: appAbout }),
})
