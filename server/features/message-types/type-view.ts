import { type Static, Type } from 'typebox'
import { time } from '../../platform/http/output.ts'
import type { Words } from '../../platform/words.ts'
import { compile } from './compile.ts'
import { definitionShape } from './definition.ts'
import { planOf, planShape } from './plan.ts'
import type { ListedType } from './types-store.ts'

const { name, level, channels, templates, sample } = definitionShape

/** A type as every way in shows it. */
export const typeSchema = Type.Object({
  key: Type.String({ about: { zh: '消息类型的 key', en: 'Key of the message type' } }),
  name,
  level,
  channels,
  devId: Type.String({
    about: { zh: '所属开发者；企业自己的类型为空', en: "Whose it is; empty for the corp's own" },
  }),
  state: Type.Enum(['draft', 'live', 'trial', 'paused', 'revoked'], {
    about: {
      zh: 'draft 等待第一次批准；live 启用；trial 试用，只发给 testPeople；paused 已暂停；revoked 已停用',
      en: 'draft: it waits for its first approval; live; trial: it reaches its testPeople alone; paused; revoked',
    },
  }),
  version: Type.Integer({
    about: { zh: '生效的版本，没有则为 0', en: 'The version in force; 0 if there is none' },
  }),
  newest: Type.Integer({ about: { zh: '最新的版本', en: 'The newest version' } }),
  waitsForApproval: Type.Boolean({
    about: { zh: '最新的版本在等待批准', en: 'The newest version waits for approval' },
  }),
  variables: Type.Array(Type.String(), {
    about: { zh: '发送时必须给出的变量', en: 'Variables that every send has to give' },
  }),
  optional: Type.Array(Type.String(), {
    about: { zh: '可以不给出的变量', en: 'Variables that may be left out' },
  }),
  madeAt: time,
})
export type TypeView = Static<typeof typeSchema>

/** The same with all that its definition has. */
export const wholeTypeSchema = Type.Object({ ...typeSchema.properties, templates, sample, ...planShape })

export const stateWords = {
  draft: { zh: '未生效', en: 'Not in force' },
  live: { zh: '启用', en: 'In use' },
  trial: { zh: '试用', en: 'On trial' },
  paused: { zh: '已暂停', en: 'Paused' },
  revoked: { zh: '已停用', en: 'Revoked' },
} as const satisfies Record<TypeView['state'], Words>

/** Everything but the state is of the newest version. */
export function viewOf({ key, devId, state, version, newest }: ListedType): TypeView {
  const { definition } = newest
  const { needs, may } = compile(definition)
  return {
    key,
    name: definition.name,
    level: definition.level,
    channels: definition.channels,
    devId: devId ?? '',
    state: version === null && (state === 'live' || state === 'trial') ? 'draft' : state,
    version: version ?? 0,
    newest: newest.version,
    waitsForApproval: newest.version !== version,
    variables: [...needs],
    optional: [...may],
    madeAt: newest.madeAt,
  }
}

export function wholeViewOf(type: ListedType) {
  const { definition } = type.newest
  const { templates, sample } = definition
  return { ...viewOf(type), templates, ...(sample ? { sample } : {}), ...planOf(definition) }
}
